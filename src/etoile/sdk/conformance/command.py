"""Test a connector, list those installed, start a new one, record what an application answers."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from etoile.sdk.conformance import badge, pages, table
from etoile.sdk.conformance.findings import Report
from etoile.sdk.conformance.locating import Located, NotFound, installed, locate
from etoile.sdk.conformance.pages import PageError
from etoile.sdk.conformance.scaffold import ScaffoldError, create
from etoile.sdk.conformance.suite import DOCUMENT_BYTES, examine
from etoile.sdk.faults import KINDS
from etoile.sdk.recording import command as recording

FAILED, MISUSED = 1, 2


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    test = actions.add_parser("test", help="all that a connector must show (status 1 when something fails)")
    test.add_argument("target", metavar="PATH|NAME", help="its folder, or the name of an installed one")
    test.add_argument("--fault", action="append", choices=sorted(KINDS), metavar="KIND", help="this one only; no badge")
    test.add_argument("--json", action="store_true", help="for a program")
    test.add_argument("--quiet", action="store_true", help="one line, and what fails")
    test.add_argument("--english", action="store_true", help="the titles in English")
    test.add_argument("--badge", type=Path, metavar="FILE", help="write the badge there, not in the folder")
    test.add_argument("--no-badge", action="store_true", help="write none")
    listed = actions.add_parser("list", help="the installed connectors, and their badges")
    listed.add_argument("--json", action="store_true", help="for a program")
    listed.add_argument("--names", action="store_true", help="their names only")
    new = actions.add_parser("new", help="a folder that passes, to start from")
    new.add_argument("name", help="small letters, digits and _: street_works")
    new.add_argument("--in", dest="parent", type=Path, default=Path(), metavar="FOLDER", help="where (here)")
    new.add_argument("--title", help="its title in French, for a screen")
    recording.configure(actions)
    faults = actions.add_parser("pages", help="the table of faults of all installed connectors, in Markdown")
    faults.add_argument("--write", type=Path, metavar="FILE", help="put it between the marks of this page")


def run(args: argparse.Namespace) -> int:
    """0: all is well. 1: something fails. 2: it cannot be done as asked."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "test": _test,
        "list": _list,
        "new": _new,
        "record": recording.run,
        "pages": _pages,
    }
    try:
        return actions[args.action](args)
    except (NotFound, ScaffoldError, PageError, recording.RecordingError, OSError) as error:
        print(f"etoile: {error}", file=sys.stderr)
        return MISUSED


def _test(args: argparse.Namespace) -> int:
    located = locate(args.target)
    report = asyncio.run(examine(located, args.target, kinds=args.fault, document_bytes=DOCUMENT_BYTES))
    if args.json:
        print(json.dumps(_shown(report, located), indent=2, ensure_ascii=False))
    else:
        language: table.Language = "en" if args.english else "fr"
        print("\n".join(table.brief(report, language) if args.quiet else table.lines(report, located, language)))
    # A part of the suite proves nothing of the rest: no badge.
    if not args.fault and not args.no_badge:
        _write(badge.Badge.of(report, located), args.badge or located.folder / badge.NAME, args.json or args.quiet)
    return FAILED if report.result == "failed" else 0


def _write(made: badge.Badge, path: Path, quiet: bool) -> None:
    """What was found has been shown: a folder that cannot be written (an installed package, say) takes nothing away."""
    try:
        made.write(path)
    except OSError as error:
        print(f"etoile: le badge ne s’écrit pas dans {path} ({error.strerror}) ; voir --badge.", file=sys.stderr)
        return
    if not quiet:
        print(f"\nBadge : {path}")


def _shown(report: Report, located: Located) -> dict[str, Any]:
    return {
        "connector": report.connector,
        "version": located.version,
        "result": report.result,
        "checks": [asdict(each) for each in report.findings],
        "faults": [{**asdict(each), "expected": sorted(each.expected)} for each in report.rows],
    }


def _list(args: argparse.Namespace) -> int:
    if args.names:
        print(" ".join(located.connector.manifest.name for located in installed()))
        return 0
    found = [(located, *_standing(located)) for located in installed()]
    if args.json:
        print(json.dumps([_entry(*each) for each in found], indent=2, ensure_ascii=False))
        return 0
    width = max((len(located.connector.manifest.name) for located, *_ in found), default=0)
    for located, _, words in found:
        manifest = located.connector.manifest
        print(f"{manifest.name:<{width}}  {manifest.title.fr} — {manifest.protocol}\n{'':<{width}}  {words}")
    return 0


def _standing(located: Located) -> tuple[badge.Badge | None, str]:
    try:
        found = badge.read(located.folder)
    except badge.BadgeError as error:
        return None, str(error)
    if found is None:
        return None, f"jamais testé : etoile connector test {located.connector.manifest.name}"
    words = {"passed": "conforme", "incomplete": "rien n’échoue, tout n’a pas été testé", "failed": "non conforme"}
    changed = "" if found.holds(located.folder) else " ; le dossier a changé depuis"
    return found, f"{words[found.result]}, le {found.date:%d/%m/%Y}{changed}"


def _entry(located: Located, found: badge.Badge | None, words: str) -> dict[str, Any]:
    manifest = located.connector.manifest
    shown = None
    if found is not None:
        shown = {"date": found.date.isoformat(), "result": found.result, "changed": not found.holds(located.folder)}
    return {"name": manifest.name, "version": located.version, "badge": shown, "words": words}


def _new(args: argparse.Namespace) -> int:
    made = create(args.name, args.parent, title=args.title)
    print(f"Le connecteur « {args.name} » est prêt dans {made}.\nEnsuite : etoile connector test {made}")
    return 0


def _pages(args: argparse.Namespace) -> int:
    text = pages.table_of(installed())
    if args.write is None:
        print(text)
        return 0
    changed = pages.replace(args.write, text)
    print(f"{args.write} : {'mise à jour' if changed else 'déjà à jour'}.")
    return 0
