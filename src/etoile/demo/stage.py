"""The stage of the guided journey: both products, four simulated applications, three simulated platforms and a letter
box, on this machine."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import urllib3

from etoile.doubles.identity.double import settings
from etoile.doubles.identity.platforms import Platform
from etoile.doubles.urbanisme.keys import host_key
from etoile.runtime.plain import PlainError
from etoile.runtime.ports import free, unused
from etoile.runtime.stack import Stack, listening

LOCAL = "127.0.0.1"
TOWN = Path(str(files("etoile.demo") / "town"))
NO_KEY = "SHA256:" + "0" * 43
TABLES = "/srv/valmont/tables"
# The telephone of every agent of the demonstration: made up, and known to all on purpose.
FACTOR = "demo-agent-second-factor"
KNOWN_TO_ALL = "DEMOETOILESECRETDEMONSTRATION234"
OPERATOR = "exploitation@valmont-sur-loire.example"


@dataclass(frozen=True)
class Ports:
    gru: int = 8000
    hub: int = 8100
    famille: int = 8201
    techniques: int = 8202
    urbanisme: int = 8203
    vie_locale: int = 8204
    sftp: int = 8222
    franceconnect: int = 8216
    franceconnect_plus: int = 8218
    proconnect: int = 8217
    smtp: int = 8025
    mail: int = 8026

    @classmethod
    def free(cls) -> "Ports":
        """Ports nobody uses now."""
        return cls(*free(len(fields(cls))))

    @classmethod
    def usual(cls) -> "Ports":
        """Those of the documentation; in place of one that another program holds, one nobody uses."""
        wanted = astuple(cls())
        spare = iter(free(len(wanted)))
        return cls(*(port if unused(port) else next(spare) for port in wanted))


def _port_of(platform: Platform) -> str:
    return platform.slug.replace("-", "_")


class Stage:
    """Starts everything with `start`, and ends everything with `close`; `programs` are the supervised processes."""

    DOUBLES = (
        ("famille", "services_famille"),
        ("techniques", "services_techniques"),
        ("urbanisme", "urbanisme"),
        ("vie_locale", "vie_locale"),
    )

    def __init__(
        self,
        data: Path,
        ports: Ports,
        *,
        tell: Callable[[str], None] = lambda words: None,
        output: TextIO | None = None,
        auto_seconds: float = 2.0,
        products: list[str] | None = None,
        platforms: Sequence[Platform] = (),
        star: Path = TOWN / "star.yaml",
    ) -> None:
        self.data, self.ports, self.tell, self.auto_seconds = data, ports, tell, auto_seconds
        self.star, self.platforms = star, platforms
        self.products = products
        self.pool = urllib3.PoolManager(timeout=10, retries=False)
        self.stack = Stack(environment=self._environment(), products=products, tell=tell, output=output)
        self.programs = self.stack.programs

    def _environment(self) -> dict[str, str]:
        ports = self.ports
        smtp = f"smtp://{LOCAL}:{ports.smtp}"
        reachable = [f"{LOCAL}:{port}" for port in (ports.gru, ports.famille, ports.techniques, ports.sftp, ports.smtp)]
        return {
            "ETOILE_DATA": str(self.data),
            "ETOILE_ENV": "development",
            "HUB_PORT": str(ports.hub),
            "HUB_PUBLIC_URL": self.hub,
            "HUB_SMTP_URL": smtp,
            "HUB_ALLOWED_PRIVATE_ADDRESSES": ",".join(reachable),
            "HUB_ALLOWED_FOLDERS": str(self.data.resolve() / "star" / "tables"),
            "GRU_PORT": str(ports.gru),
            "GRU_PUBLIC_URL": self.gru,
            "GRU_HUB_URL": self.hub,
            "GRU_SMTP_URL": smtp,
            "GRU_MAIL_FROM": "ne-pas-repondre@valmont-sur-loire.example",
            **self._known_platforms(),
        }

    def _known_platforms(self) -> dict[str, str]:
        """By what the GRU signs people in with the simulated FranceConnect and ProConnect."""
        return {
            variable: value.format(address=self.double(_port_of(platform)))
            for platform in self.platforms
            for variable, value in settings(platform).items()
        }

    @property
    def gru(self) -> str:
        return f"http://{LOCAL}:{self.ports.gru}"

    @property
    def hub(self) -> str:
        return f"http://{LOCAL}:{self.ports.hub}"

    @property
    def mail(self) -> str:
        return f"http://{LOCAL}:{self.ports.mail}"

    def double(self, name: str) -> str:
        return f"http://{LOCAL}:{getattr(self.ports, name)}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, *, without: tuple[str, ...] = ()) -> None:
        """Everything up and answering, the town loaded. `without` names doubles to leave down for now."""
        taken = [port for port in astuple(self.ports) if listening(LOCAL, port)]
        if taken:
            raise PlainError(
                f"These ports are used by another program: {', '.join(map(str, taken))}. Stop it, then start again."
            )
        self.stack.start_database()
        self.stack.migrate()
        self._load()
        self._add_letter_box()
        for name, _module in self.DOUBLES:
            self._add_double(name)
        for platform in self.platforms:
            self._add_platform(platform)
        self.stack.start_products()
        for name in without:
            self.programs.stop(f"double-{name}")

    def _load(self) -> None:
        """The town and the star, as an administrator would: by commands, from files."""
        folder = self.data / "star"
        shutil.copytree(self.star.parent, folder, dirs_exist_ok=True)
        star = folder / "star.yaml"
        star.write_text(self._moved(self.star.read_text(encoding="utf-8")), encoding="utf-8")
        self.tell("Chargement de l’étoile : applications, contrats, abonnements")
        self.manage("hub", "hub_load", str(star))
        password = self.secret("demo_operator_password", make=True)
        self._operator(password)
        if self.products is None or "gru" in self.products:
            self.tell("Chargement de la commune fictive et de ses démarches")
            self._known(FACTOR, KNOWN_TO_ALL)
            self.manage("gru", "gru_load", str(TOWN / "town.yaml"))
            self.manage("gru", "gru_content", str(TOWN / "content.yaml"))

    def _operator(self, password: str) -> None:
        try:
            self.manage(
                "hub", "hub_operator", "create", OPERATOR, "--name", "Exploitation", HUB_OPERATOR_PASSWORD=password
            )
        except PlainError as refusal:
            if "already" not in str(refusal):
                raise

    def _moved(self, text: str) -> str:
        """The star file names the usual ports and folder, and no key of a server: put ours in their place."""
        for each in fields(Ports):
            for before in (f"{LOCAL}:", "port: "):
                text = text.replace(f"{before}{each.default}", f"{before}{getattr(self.ports, each.name)}")
        key = host_key(self._memory("urbanisme").with_suffix(".key"))
        text = text.replace(TABLES, str(self.data.resolve() / "star" / "tables"))
        return text.replace(NO_KEY, key.get_fingerprint())

    def manage(self, product: str, *arguments: str, **variables: str) -> str:
        """A management command of a product; raises PlainError with what it said when it fails."""
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "etoile.runtime.manage", product, *arguments],
            env=self.stack.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PlainError(f"{product} {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def secret(self, name: str, *, make: bool = False) -> str:
        if make:
            self._known(name, f"demo-{time.time_ns():x}-mot-de-passe")
        return (self.data / "secrets" / name).read_text().strip()

    def _known(self, name: str, value: str) -> None:
        """A secret of the data folder that is this one, unless there is one."""
        path = self.data / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(value)

    def _add_letter_box(self) -> None:
        argv = [sys.executable, "-m", "etoile.demo.mail", "--smtp-port", str(self.ports.smtp)]
        argv += ["--port", str(self.ports.mail), "--folder", str(self.data / "demo-mail")]
        self.programs.add("mail", argv, self.stack.environment, ready_url=f"{self.mail}/messages")

    def _add_double(self, name: str) -> None:
        module = dict(self.DOUBLES)[name]
        argv = [sys.executable, "-m", f"etoile.doubles.{module}", "--port", str(getattr(self.ports, name))]
        argv += ["--hub", self.hub, "--data", str(self._memory(module)), "--sftp-port", str(self.ports.sftp)]
        argv += ["--secrets", str(self.data / "secrets"), "--auto-seconds", str(self.auto_seconds)]
        ready = f"{self.double(name)}/_double/state"
        self.programs.add(f"double-{name}", argv, self.stack.environment, ready_url=ready)

    def _add_platform(self, platform: Platform) -> None:
        """One that people sign in by: the double that anybody can start (`etoile double NAME`)."""
        port = str(getattr(self.ports, _port_of(platform)))
        argv = [sys.executable, "-m", "etoile.runtime", "double", platform.slug, "--port", port]
        ready = f"{self.double(_port_of(platform))}/_double/faults"
        self.programs.add(f"double-{platform.slug}", argv, self.stack.environment, ready_url=ready)

    def _memory(self, module: str) -> Path:
        return self.data / "doubles" / f"{module}.sqlite"

    def letters(self) -> list[dict[str, Any]]:
        return self.read_json(f"{self.mail}/messages")

    def received(self, name: str) -> list[dict[str, Any]]:
        """What a simulated application has received."""
        return self.read_json(f"{self.double(name)}/_double/state")

    def read_json(self, address: str) -> Any:
        answer = self.pool.request("GET", address)
        if answer.status != 200:
            raise PlainError(f"{address} answered {answer.status}.")
        return json.loads(answer.data)

    def close(self) -> None:
        self.stack.close()
