"""The report as a person reads it, in French or in English: lines of text, and the Markdown of the table of faults."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from etoile.sdk.conformance.expectations import CLASSES
from etoile.sdk.conformance.findings import FaultRow, Report, Verdict
from etoile.sdk.conformance.locating import Located
from etoile.sdk.faults import VOCABULARY

PORT, PRINT = re.compile(r"127\.0\.0\.1:\d+"), re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
Language = Literal["fr", "en"]
WIDTH = 110
VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.PASSED: ("✔ réussi", "✔ passed"),
    Verdict.FAILED: ("✘ ÉCHEC", "✘ FAILED"),
    Verdict.UNTESTED: ("? non testé", "? not tested"),
    Verdict.UNCONCERNED: ("– sans objet", "– no object"),
}
RESULTS = {
    "passed": ("Ce connecteur est conforme.", "This connector conforms."),
    "incomplete": (
        "Rien n’échoue, mais tout n’a pas pu être testé : voir les lignes « non testé ».",
        "Nothing fails, but not everything could be tested: see the lines “not tested”.",
    ),
    "failed": (
        "Ce connecteur n’est pas conforme : corriger les lignes en échec, puis relancer.",
        "This connector does not conform: mend the lines that failed, then try again.",
    ),
}
FAULTS_TITLE = ("Ce qu’il fait quand l’application va mal", "What it does when the application is unwell")
NOTHING_SAID = ("(rien n’est dit)", "(nothing is said)")


def lines(report: Report, located: Located, language: Language = "fr") -> Iterator[str]:
    """The report, line by line."""
    rank = 0 if language == "fr" else 1
    manifest = located.connector.manifest
    title = manifest.title.fr if language == "fr" else manifest.title.en
    yield f"{title} ({report.connector} {located.version}) — {manifest.protocol}"
    yield ""
    width = max(len(words[rank]) for words in VERDICTS.values())
    for each in report.findings:
        name = each.french if language == "fr" else each.english
        yield f"  {VERDICTS[each.verdict][rank]:<{width}}   {name}"
        if each.words:
            yield from _wrapped(each.words, " " * (width + 5))
    if report.rows:
        yield ""
        yield FAULTS_TITLE[rank]
    for row in report.rows:
        yield ""
        yield from _wrapped(_fault(row.kind, rank), "  ")
        yield f"      → {outcome(row, rank)}"
        yield from _wrapped(row.message or NOTHING_SAID[rank], "        ")
        for fault in row.faults:
            yield from _wrapped(f"✘ {fault}", "      ")
    yield ""
    yield RESULTS[report.result][rank]


def brief(report: Report, language: Language = "fr") -> Iterator[str]:
    """One line, and those of the checks that fail."""
    rank = 0 if language == "fr" else 1
    yield f"{report.connector} : {RESULTS[report.result][rank]}"
    for each in report.findings:
        if each.verdict is Verdict.FAILED:
            yield from _wrapped(f"✘ {each.french if rank == 0 else each.english} — {each.words}", "  ")


def outcome(row: FaultRow, rank: int = 0) -> str:
    return CLASSES[row.outcome][rank] if row.outcome else ("aucune issue", "no outcome")[rank]


def markdown(reports: Sequence[tuple[Report, Located]]) -> str:
    """The table connector × fault × outcome, a section for each connector, by name."""
    parts = [_section(report, located) for report, located in sorted(reports, key=lambda pair: pair[0].connector)]
    return "\n\n".join(parts) + "\n"


def _section(report: Report, located: Located) -> str:
    title = f"### {located.connector.manifest.title.fr} (`{report.connector}`)"
    if not report.rows:
        return f"{title}\n\n{_why_no_row(report)}"
    rows = [
        f"| `{row.kind}` | {_cell(_fault(row.kind, 0))} | {outcome(row)} | {_cell(row.message)} |"
        for row in report.rows
    ]
    return "\n".join([title, "", "| Panne | Ce qui arrive | Issue | Ce que lit l’agent |", "|---|---|---|---|", *rows])


def _why_no_row(report: Report) -> str:
    wanted = ("lookup", "classification")
    found = next((each for each in report.findings if each.name in wanted and each.verdict is Verdict.UNTESTED), None)
    if found is None:
        return "Pas de panne à montrer : rien n’est envoyé à l’application."
    return f"Pas de panne à montrer : {found.words}."


def _fault(kind: str, rank: int) -> str:
    known = VOCABULARY.get(kind)
    return kind if known is None else (known.french, known.english)[rank]


def _cell(text: str) -> str:
    """What changes at each run of a double (its port, its key) would change the page."""
    text = PRINT.sub("SHA256:…", PORT.sub("127.0.0.1:…", text))
    return text.replace("|", "\\|") or "—"


def _wrapped(text: str, indent: str) -> Iterable[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
