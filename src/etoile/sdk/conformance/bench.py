"""One connector facing its double: what every check uses."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from etoile.contract.envelope import Event
from etoile.contract.identifiers import uuid7
from etoile.sdk.conformance.findings import Failed, FaultRow, Unconcerned, Untested
from etoile.sdk.conformance.locating import NO_DOUBLE
from etoile.sdk.conformance.rig import FaultSwitch, Rig
from etoile.sdk.connector import Connector
from etoile.sdk.context import Context
from etoile.sdk.door import Door
from etoile.sdk.outcome import Outcome
from etoile.sdk.testing import make_context

SECONDS = 10.0
SHORT = 0.5
# How late a connector may give the hand back, on a busy machine.
MARGIN = 2.0
# What the double must never find in a log: planted in each event, unlike any word of a language.
CANARIES: Mapping[str, str] = {
    "family_name": "Canarinom",
    "given_names": "Canariprenom",
    "email": "canari.zq@example.org",
    "phone": "+33 2 41 99 71 93",
}
STREET = "Canarivoie"
PHRASE = "canariphrase"


@dataclass(slots=True)
class Bench:
    """`rig` None: no double, and `why`. `outcomes`, `said`, `details`: all that was told. `rows`: one a fault."""

    connector: Connector
    folder: Path
    target: str
    rig: Rig | None = None
    why: str = NO_DOUBLE
    door: Door = field(default_factory=Door)
    document_bytes: int = 100 * 2**20
    kinds: frozenset[str] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    rows: list[FaultRow] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def offers(self, capability: str) -> None:
        """Unconcerned when the connector has no such method; Untested without a double to try it on."""
        if capability not in self.connector.capabilities:
            raise Unconcerned(f"le connecteur n’a pas « {capability} »")
        if self.rig is None:
            raise Untested(self.why)

    @property
    def double(self) -> Rig:
        if self.rig is None:
            raise Untested(self.why)
        return self.rig

    @property
    def faults(self) -> FaultSwitch:
        if self.double.faults is None:
            raise Unconcerned("rien ne peut mal se passer en chemin")
        return self.double.faults

    def shows(self, *kinds: str) -> str:
        """The first of these faults that the double can show; Untested when it shows none."""
        found = next((kind for kind in kinds if kind in self.faults.kinds), None)
        if found is None:
            raise Untested(f"le double ne sait pas montrer cette panne ({', '.join(kinds)})")
        return found

    def event(self, documents: list[dict[str, Any]] | None = None) -> Event:
        """Another event like the rig's, with canaries in what is personal, and these documents only."""
        original, case, number = self.double.event, str(uuid7()), next(self._numbers)
        data = _planted(original.data)
        if isinstance(data.get("case"), dict):
            data["case"] = {**data["case"], "id": case, "reference": f"26-K{number:03d}-{number % 10}"}
        if "documents" in data or documents:
            data["documents"] = documents or []
        subject = f"case/{case}" if original.subject.startswith("case/") else original.subject
        return replace(original, id=str(uuid7()), subject=subject, time=datetime.now(UTC), data=data)

    def context(
        self,
        event: Event | None = None,
        *,
        attempt: int = 1,
        seconds: float = SECONDS,
        secrets: Mapping[str, str] | None = None,
    ) -> Context:
        rig = self.double
        return make_context(
            self.connector.Configuration.model_validate(dict(rig.configuration)),
            secrets=rig.secrets if secrets is None else secrets,
            http=self.door,
            mail=rig.mail,
            event=event,
            mapping=mapping_of(rig.mapping),
            attempt=attempt,
            seconds=seconds,
        )

    async def deliver(self, event: Event, *, connector: Connector | None = None, **context: Any) -> Outcome:
        """One try; Failed when the connector raises, or keeps no promise of returning."""
        delivering = (connector or self.connector).deliver(event, self.context(event, **context))
        try:
            outcome = await asyncio.wait_for(delivering, context.get("seconds", SECONDS) + MARGIN)
        except TimeoutError:
            raise Failed("le connecteur n’a pas rendu la main au bout du délai accordé") from None
        except Exception as error:
            raise Failed(f"le connecteur a levé {type(error).__name__} au lieu de rendre une issue") from error
        self.outcomes.append(outcome)
        return outcome

    @contextmanager
    def fault(self, kind: str, **settings: Any) -> Iterator[None]:
        """The double misbehaves inside the block."""
        self.faults.set(kind, **settings)
        try:
            yield
        finally:
            self.faults.set(None)

    async def settled(self, count: int) -> int:
        """How many things the double holds, once what it was still doing has had time to be written: `count`, or what
        it is after half a second."""
        for _ in range(10):
            if self.double.written() >= count:
                break
            await asyncio.sleep(0.05)
        return self.double.written()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keeps what is logged at DEBUG, but by the threads of the double, which were there before."""
        ear = _Ear(self.logs, {each.ident for each in threading.enumerate()} - {threading.get_ident()})
        root = logging.getLogger()
        level = root.level
        root.addHandler(ear)
        root.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(ear)
            root.setLevel(level)


class _Ear(logging.Handler):
    def __init__(self, kept: list[str], deaf_to: set[int | None]) -> None:
        super().__init__(logging.DEBUG)
        self._kept, self._deaf_to = kept, deaf_to
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread not in self._deaf_to:
            self._kept.append(self.format(record))


def mapping_of(given: str | Path | Mapping[str, Any] | None) -> Any:
    """The tree of a mapping: read, when it is a file."""
    if given is None or isinstance(given, Mapping):
        return given
    return yaml.safe_load(Path(given).read_text(encoding="utf-8"))


def _planted(data: Mapping[str, Any]) -> dict[str, Any]:
    planted = dict(data)
    for name in ("applicant", "person", "attributes"):
        if isinstance(planted.get(name), dict):
            known = {key: value for key, value in CANARIES.items() if key in planted[name]}
            planted[name] = {**planted[name], **known}
            if isinstance(address := planted[name].get("address"), dict):
                planted[name]["address"] = {**address, "lines": [f"12 rue {STREET}"]}
    answers = planted.get("answers")
    if isinstance(answers, dict):
        # A free text has spaces; a code has none, and the application may know only some of them.
        planted["answers"] = {
            name: f"{value} {PHRASE}" if isinstance(value, str) and " " in value else value
            for name, value in answers.items()
        }
    return planted
