"""Check, try and compare the file of a mapping, without a hub nor a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from etoile.contract import schemas
from etoile.contract.envelope import EnvelopeError, Event
from etoile.sdk.mapping import Leaf, Mapping, MappingError
from etoile.sdk.mapping.comparison import differences
from etoile.sdk.mapping.texts import Text, read

FAULTY, MISUSED = 1, 2


class _Stop(Exception):
    """What to say before leaving, and the exit status."""

    def __init__(self, words: str, status: int = MISUSED) -> None:
        super().__init__(words)
        self.status = status


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="say what is wrong, line by line (status 1)")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--type", help="message type, for a plain tree (a file says its own)")
    run = actions.add_parser("run", help="what would be sent for one event")
    run.add_argument("file", type=Path, metavar="FILE")
    run.add_argument("event", type=Path, nargs="?", metavar="EVENT.json", help="the contract's example when absent")
    run.add_argument("--explain", action="store_true", help="each value, and where it comes from")
    back = actions.add_parser("return", help="what one answer of the application would say")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("answer", type=Path, metavar="ANSWER.json")
    back.add_argument("--explain", action="store_true", help="each value, and where it comes from")
    diff = actions.add_parser("diff", help="what changed between two versions (status 1 when they differ)")
    diff.add_argument("before", type=Path, metavar="A")
    diff.add_argument("after", type=Path, metavar="B")


def run(args: argparse.Namespace) -> int:
    """0: all is well. 1: the file has faults, has no value on this event, or differs. 2: something cannot be read."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "run": _run,
        "return": _return,
        "diff": _diff,
    }
    try:
        return actions[args.action](args)
    except _Stop as stop:
        print(f"etoile: {stop}", file=sys.stderr)
        return stop.status


def _check(args: argparse.Namespace) -> int:
    text = read(_content(args.file), args.type)
    for each in text.findings:
        print(f"{args.file} : {each}")
    if text.faults:
        return FAULTY
    print(f"{args.file} : {_title(text)} peut être enregistrée.")
    return 0


def _run(args: argparse.Namespace) -> int:
    mapping = _sound(args.file).mapping
    event = _event(args.event, mapping)
    values = {"event": event.to_dict()}
    if args.explain:
        return _explain(mapping.leaves(values))
    try:
        _show(mapping.apply(values))
    except MappingError as error:
        raise _unable(error) from None
    return 0


def _return(args: argparse.Namespace) -> int:
    back = _sound(args.file).mapping.back
    if back is None:
        raise _Stop(f"{args.file} ne dit rien du retour : il n'a pas de partie « return ».", FAULTY)
    answer = _json(args.answer)
    if args.explain:
        return _explain(back.leaves(answer))
    try:
        _show(asdict(back.read(answer)))
    except MappingError as error:
        raise _unable(error) from None
    return 0


def _diff(args: argparse.Namespace) -> int:
    found = differences(_tree(args.before), _tree(args.after))
    for each in found:
        print(each)
    if not found:
        print("Les deux versions disent la même chose.")
    return FAULTY if found else 0


def _explain(leaves: Iterable[Leaf]) -> int:
    """A line per leaf: where, what, and where it comes from; status 1 when one of them has no value."""
    failed = False
    for each in leaves:
        value = json.dumps(each.value, ensure_ascii=False, default=str) if each.kept else "(rien : le nom est omis)"
        failed = failed or bool(each.failure)
        origin = "fixe" if each.source is None else each.source
        print(f"{each.pointer or '/'} = {f'ERREUR {each.failure}' if each.failure else value}   ← {origin}")
    return FAULTY if failed else 0


def _sound(path: Path) -> Text:
    text = read(_content(path))
    if text.faults:
        raise _Stop("\n".join(f"{path} : {each}" for each in text.faults), FAULTY)
    return text


def _tree(path: Path) -> Any:
    text = read(_content(path))
    if text.tree is None and text.faults:
        raise _Stop(f"{path} : {text.faults[0]}")
    return text.tree


def _event(path: Path | None, mapping: Mapping) -> Event:
    wanted = mapping.file.type if mapping.file else None
    if path is None:
        if wanted is None:
            raise _Stop("Donner un événement : un arbre simple ne dit pas de quel message il parle.")
        return schemas.example(wanted)
    try:
        event = Event.from_json(_content(path).encode())
    except EnvelopeError as error:
        raise _Stop(f"{path} n'est pas un événement du contrat : {error}") from None
    if wanted and event.type != wanted:
        raise _Stop(f"{path} est un événement « {event.type} », et cette correspondance est pour « {wanted} ».")
    return event


def _json(path: Path) -> Any:
    try:
        return json.loads(_content(path))
    except (ValueError, RecursionError):
        raise _Stop(f"{path} n'est pas du JSON.") from None


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise _Stop(f"{path} n'est pas un texte en UTF-8.") from None
    except OSError as error:
        raise _Stop(f"{path} ne peut pas être lu : {error.strerror}.") from None


def _unable(error: MappingError) -> _Stop:
    return _Stop("\n".join(f"{each.pointer or '/'} : {each.detail}" for each in error.violations), FAULTY)


def _title(text: Text) -> str:
    file = text.mapping.file
    if file is None:
        return "cette correspondance"
    return f"la correspondance « {file.name} » (version {file.version}, pour {file.application})"


def _show(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
