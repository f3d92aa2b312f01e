"""The arrows of docs/layout.md, checked by the import linter and by what it does not see."""

import ast
import configparser
import re
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT, SOURCE, parsed, shown


def test_every_arrow_of_the_layout_holds():
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


LAYOUT = (ROOT / "docs" / "layout.md").read_text()


@pytest.mark.parametrize("product", ["hub", "gru"])
def test_the_layout_names_every_room_and_no_other(product):
    told = re.search(rf"^  {product}/\n((?:    .*\n)+)", LAYOUT, re.MULTILINE)[1]
    assert sorted(re.findall(r"^    (\w+)/", told, re.MULTILINE)) == sorted(
        path.parent.name for path in (SOURCE / product).glob("*/__init__.py")
    )


@pytest.mark.parametrize("product", ["hub", "gru"])
def test_the_layout_draws_the_arrows_that_are_held(product):
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    held = rules[f"importlinter:contract:{product}-layers"]["layers"].strip().splitlines()
    drawn = re.search(rf"^{product} +(.*)$", LAYOUT, re.MULTILINE)[1].split("  >  ")
    assert drawn[: len(held)] == held


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


# The outgoing doors: nothing else of ours may open a connection to another machine.
# `names` opens none: it looks names up for the door. `serving` neither: it listens, on loopback, for a test.
DOORS = {
    "sdk/door/bodies.py",
    "sdk/door/door.py",
    "sdk/door/errors.py",
    "sdk/door/resolving.py",
    "sdk/names.py",
    "sdk/mail.py",
    "contract/transport.py",
    "sdk/serving.py",
    "gru/notices/mail.py",
    "gru/inbox/fetching.py",
    "gru/identity/wire.py",
}
NETWORK = {"aiohttp", "urllib3", "requests", "httpx", "urllib.request", "http.client", "smtplib"}


def test_only_the_doors_open_the_network():
    strangers = {
        shown(path): name
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] not in {"doubles", "demo", "runtime"}
        and "tests" not in path.parts
        and path.name != "double.py"
        and not any(path.as_posix().endswith(door) for door in DOORS)
        for node in ast.walk(parsed(path))
        for name in imported(node)
        if name in NETWORK or name.split(".")[0] in NETWORK
    }
    assert strangers == {}


def test_only_services_and_what_they_call_write():
    """Views never write through the ORM: `services.py` holds the verbs."""
    verbs = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    writers = [
        f"{shown(path)}:{node.lineno} .{node.func.attr}()"
        for path in sorted(SOURCE.rglob("views*.py")) + sorted(SOURCE.rglob("views/*.py"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs
    ]
    assert writers == []
