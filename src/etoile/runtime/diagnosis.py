"""What `etoile doctor` looks at. A finding that is not right says how to mend it."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import psycopg

from etoile.runtime import databases, inventory, maintenance, stack
from etoile.runtime.folders import data_folder
from etoile.runtime.plain import PlainError
from etoile.runtime.postgres import binaries, place, server
from etoile.runtime.products import Product, discover

Verdict = Literal["right", "doubtful", "broken"]

OLDEST_PYTHON: Final = (3, 11)
LEAST_DISK: Final = 1024**3
# How a product's own check says that something works and should not stay so.
DOUBTFUL: Final = "doubtful: "
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` is empty when the verdict is right."""

    verdict: Verdict
    what: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """Every check in turn; one that fails unexpectedly is itself a finding."""
    products = list(discover().values())
    checks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _server,
        _data,
        _secrets,
        _disk,
        _spelling,
        _browser,
        _maintenance,
    ]
    checks += [lambda product=product: _product(product) for product in products]  # type: ignore[misc]
    for check in checks:
        try:
            yield from check()
        except (PlainError, OSError, subprocess.SubprocessError) as problem:
            yield Finding("broken", str(problem), "Mend what the sentence says.")


def _maintenance() -> Iterator[Finding]:
    for name in discover():
        if maintenance.current(maintenance.switch(data_folder(), name)) is not None:
            yield Finding("doubtful", f"{name} is at rest.", f"Once your work is done: etoile maintenance off {name}")


def _python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(
            "broken", f"Python {version} is too old.", "Install Python 3.11 or later, and make the venv again."
        )
    else:
        yield Finding("right", f"Python {version}")


def _server() -> Iterator[Finding]:
    if all(databases.given(name) for name in discover()):
        yield Finding("right", "The databases are given by the environment.")
        return
    record = place.read_record(data_folder())
    chosen = binaries.choose(record.origin if record else None, record.major if record else None)
    yield Finding("right", f"PostgreSQL {chosen.version} ({chosen.origin})")
    found = place.inspect(data_folder())
    if found.account.name == "nobody":
        yield Finding(
            "doubtful",
            "Started by root, the database belongs to the account nobody, which other programs may use too.",
            "useradd --system etoile, before the first start.",
        )
    pid = server.running(data_folder())
    yield Finding(
        "right", f"The embedded database runs (process {pid})." if pid else "The embedded database is stopped."
    )


def _data() -> Iterator[Finding]:
    folder = data_folder()
    if not folder.exists():
        parent = next(parent for parent in folder.parents if parent.exists())
        if os.access(parent, os.W_OK):
            yield Finding("right", f"The data folder {folder} will be made at first start.")
        else:
            yield Finding("broken", f"{folder} cannot be made: {parent} is not ours.", "Choose another ETOILE_DATA.")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("broken", f"The data folder {folder} cannot be written.", f"chown -R {_me()} {folder}")
    elif stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield Finding("doubtful", f"The data folder {folder} is open to everyone.", f"chmod 0700 {folder}")
    else:
        yield Finding("right", f"The data folder {folder} is private and can be written.")


def _secrets() -> Iterator[Finding]:
    folder = data_folder() / "secrets"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    open_to_others = [file for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
    empty = [file for file in files if file.stat().st_size == 0]
    if open_to_others:
        names = " ".join(str(file) for file in open_to_others)
        yield Finding("broken", "Secrets can be read by other accounts.", f"chmod 0600 {names}")
    for file in empty:
        yield Finding("broken", f"The secret {file} is empty.", "Restore it from a backup, or remove it.")
    if not open_to_others and not empty:
        yield Finding("right", f"{len(files)} secrets kept, readable by us alone.")


def _disk() -> Iterator[Finding]:
    existing = next(folder for folder in (data_folder(), *data_folder().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < LEAST_DISK:
        yield Finding("broken", f"Only {free // 1024**2} MB are free for {existing}.", "Make room: 1 GB at least.")
    else:
        yield Finding("right", f"{free // 1024**3} GB are free for the data.")


def _spelling() -> Iterator[Finding]:
    for name in inventory.unknown(os.environ):
        yield Finding(
            "doubtful", f"The variable {name} is read by nothing.", "Look in docs/environment.md for its name."
        )


def _browser() -> Iterator[Finding]:
    kept = list(Path("~/.cache/ms-playwright").expanduser().glob("chromium*"))
    if kept or any(shutil.which(name) for name in BROWSERS):
        yield Finding("right", "Chromium is there for the browser tests.")
    else:
        yield Finding("doubtful", "Chromium is absent: the browser tests are skipped.", "apt install chromium")


def _product(product: Product) -> Iterator[Finding]:
    settings = _manage(product, "check")
    if settings.returncode != 0:
        yield Finding("broken", f"{product.name}: {_said(settings)}", "Mend what the sentences say, then look again.")
        return
    yield Finding("right", f"{product.name}: the settings are right.")
    yield from _port(product)
    if not databases.given(product.name) and server.running(data_folder()) is None:
        yield Finding("right", f"{product.name}: migrations are looked at while the database runs.")
        return
    try:
        psycopg.connect(databases.url(product.name), connect_timeout=5).close()
    except psycopg.OperationalError as refusal:
        yield Finding("broken", f"{product.name}: the database does not answer ({refusal}).", "See docs/operations.md.")
        return
    if _manage(product, "migrate", "--check").returncode:
        yield Finding("broken", f"{product.name}: migrations are pending.", f"etoile migrate {product.name}")
    else:
        yield Finding("right", f"{product.name}: the database answers, every migration is applied.")
        yield from _own_checks(product)


def _own_checks(product: Product) -> Iterator[Finding]:
    """What only the product knows how to look at: a line a finding, doubtful when it begins so."""
    for check in product.checks:
        answer = _manage(product, check)
        if answer.returncode:
            yield Finding("broken", f"{product.name}: {_said(answer)}", "See docs/operations.md.")
        else:
            yield from (_told(product, line) for line in answer.stdout.splitlines())


def _told(product: Product, line: str) -> Finding:
    words = line.removeprefix(DOUBTFUL)
    if words == line:
        return Finding("right", f"{product.name}: {line}")
    return Finding("doubtful", f"{product.name}: {words}", "See docs/operations.md.")


def _port(product: Product) -> Iterator[Finding]:
    one = stack.Stack(products=[product.name])
    if stack.listening(stack.LOCAL, one.port(product)):
        answer = stack.answers(one.address(product.name))
        if answer:
            yield Finding("right", f"{product.name} answers on port {one.port(product)}.")
        else:
            yield Finding(
                "broken",
                f"Port {one.port(product)} is used by another program than {product.name}.",
                f"Stop it, or choose another one with {product.port_variable}.",
            )
    else:
        yield Finding("right", f"Port {one.port(product)} is free for {product.name}.")


def _manage(product: Product, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "etoile.runtime.manage", product.name, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module


def _said(answer: subprocess.CompletedProcess[str]) -> str:
    """Plain errors are whole; of a programming error the last line says most."""
    lines = (answer.stderr or answer.stdout).strip().splitlines() or ["it ended without a word"]
    return lines[-1] if any(line.startswith("Traceback") for line in lines) else "\n".join(lines[:20])


def _me() -> str:
    return str(os.geteuid())
