"""`etoile connector record`: the exchanges of one connector with a true application, written as fixtures."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from etoile.contract.envelope import EnvelopeError, Event
from etoile.sdk import exchanges
from etoile.sdk.connector import Connector, discover
from etoile.sdk.context import Context
from etoile.sdk.door import Door
from etoile.sdk.recording.fixtures import Fixture, kept
from etoile.sdk.testing import EventFactory, make_context

MOST = 200
SECONDS = 60.0
FAILED = 1


class RecordingError(Exception):
    """What cannot be done as asked, in French."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The file given to the command: what a subscription holds. `secrets` are values: the file stays at home."""

    configuration: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    mapping: Any = None
    allowed: tuple[str, ...] = ()
    application: str = "essai"

    @classmethod
    def read(cls, path: Path) -> Asked:
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
            return cls(**found | {"allowed": tuple(found.get("allowed", ()))})
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, AttributeError):
            names = ", ".join(cls.__slots__)
            raise RecordingError(f"{path} n’est pas un fichier YAML avec les noms : {names}.") from None


def configure(actions: Any) -> None:
    record = actions.add_parser("record", help="keep the exchanges with a true application as fixtures, redacted")
    record.add_argument("connector", help="the name of an installed connector")
    record.add_argument("file", type=Path, metavar="FILE.yaml", help="configuration, secrets, mapping, allowed")
    record.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the fixtures go")
    record.add_argument("--deliver", action="store_true", help="write one request there: on a test instance only")
    record.add_argument(
        "--event", type=Path, metavar="EVENT.json", help="the invented request (the contract's example)"
    )


def run(args: argparse.Namespace) -> int:
    """0: written. 1: the connector failed, what was exchanged is written all the same. RecordingError."""
    connector = discover().get(args.connector)
    if connector is None:
        raise RecordingError(f"Le connecteur « {args.connector} » n’est pas installé.")
    done = asyncio.run(record(connector, Asked.read(args.file), _event(args.event), args.to, deliver=args.deliver))
    for path in done.written:
        print(path)
    print("Relisez ces fichiers avant de les donner : le hub ne connaît pas toutes les manières d’écrire un nom.")
    for words in done.failures:
        print(f"etoile: {words}")
    return FAILED if done.failures else 0


@dataclass(slots=True)
class Done:
    written: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


async def record(connector: Connector, asked: Asked, event: Event, folder: Path, *, deliver: bool = False) -> Done:
    """Plays check, poll and, if asked, one delivery; one file each, replaced. RecordingError."""
    try:
        configuration = connector.Configuration.model_validate(asked.configuration)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, each["loc"])) or "configuration" for each in error.errors())
        raise RecordingError(f"La configuration n’est pas celle que le connecteur attend : {places}.") from None
    done = Done()
    folder.mkdir(parents=True, exist_ok=True)
    for name, play, ours in _plays(connector, event, deliver=deliver):
        # A door each: what one play was given (a token) is asked for again by the next, as when it is played alone.
        async with Door(asked.allowed) as door:
            known = {"secrets": asked.secrets, "mapping": asked.mapping, "application": asked.application}
            context = make_context(configuration, http=door, event=event if ours else None, seconds=SECONDS, **known)
            with exchanges.recorded(MOST) as calls:
                told = await _played(play, context, name, done)
        redaction = Fixture(event, (asked.configuration, asked.mapping), _secrets(asked, calls), ours)
        fixture = {
            "about": f"Enregistré avec « etoile connector record », {name} ; valeurs masquées",
            "recorded": datetime.now(UTC).date().isoformat(),
            "exchanges": kept(calls, redaction),
            "expected": told,
        }
        path = folder / f"{connector.manifest.name}-{name}.json"
        path.write_text(json.dumps(fixture, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        done.written.append(path)
    return done


Play = Callable[[Context], Awaitable[dict[str, Any]]]


def _plays(connector: Connector, event: Event, *, deliver: bool) -> list[tuple[str, Play, bool]]:
    async def checking(context: Context) -> dict[str, Any]:
        return {"checks": [{"name": each.name, "ok": each.ok} for each in await connector.check(context)]}

    async def polling(context: Context) -> dict[str, Any]:
        return {"returned": len((await connector.poll(None, context)).returned)}

    async def delivering(context: Context) -> dict[str, Any]:
        outcome = await connector.deliver(event, context)
        return {name: value for name, value in asdict(outcome).items() if name in ("kind", "http_status")}

    plays: list[tuple[str, Play, bool]] = [("check", checking, False), ("poll", polling, False)]
    offered = [each for each in plays if each[0] in connector.capabilities]
    return [*offered, ("deliver", delivering, True)] if deliver else offered


async def _played(play: Play, context: Context, name: str, done: Done) -> dict[str, Any]:
    try:
        return await play(context)
    except Exception as error:
        done.failures.append(f"{name} : {type(error).__name__} {getattr(error, 'message', '')}".rstrip())
        return {"error": type(error).__name__}


def _secrets(asked: Asked, calls: list[exchanges.Call]) -> tuple[str, ...]:
    """What is secret, and every value of a header that proves who we are (a token is given by the application)."""
    proofs = [
        text
        for call in calls
        for name, text in call.request_headers.items()
        if name.lower() in ("authorization", "cookie")
    ]
    return (*asked.secrets.values(), *(part for text in proofs for part in text.split()))


def _event(path: Path | None) -> Event:
    if path is None:
        return EventFactory().make(data={"documents": []})
    try:
        return Event.from_json(path.read_bytes())
    except (OSError, EnvelopeError) as error:
        raise RecordingError(f"{path} n’est pas un événement du contrat : {error}") from None
