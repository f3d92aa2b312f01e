"""What the suite found: one line a check, one row a fault, and whether the connector passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from etoile.sdk.lookup import LookupResult
from etoile.sdk.outcome import OutcomeKind

# "incomplete": nothing failed, and something could not be tested.
Result = Literal["passed", "incomplete", "failed"]


class Verdict(StrEnum):
    """UNTESTED: it could not be seen (no double, say). UNCONCERNED: this connector has nothing of the kind."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"
    UNCONCERNED = "unconcerned"


class Failed(Exception):
    """A check does not pass: why, in French."""


class Untested(Exception):
    """A check could not be made: why, in French."""


class Unconcerned(Exception):
    """This connector has nothing of the kind: why, in French."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `name` for a program, its titles for a person, `words` (French) what was seen."""

    name: str
    french: str
    english: str
    verdict: Verdict
    words: str = ""


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What a connector said under one kind of fault: `kind` of `sdk.faults`, `outcome` and its `message`.

    `expected`: the outcomes that would have been right. `faults`: what is wrong with this row, in French.
    """

    kind: str
    outcome: OutcomeKind | LookupResult | None
    message: str
    expected: frozenset[OutcomeKind] | frozenset[LookupResult]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of one connector, in the order of the checks."""

    connector: str
    findings: Sequence[Finding]
    rows: Sequence[FaultRow] = field(default=())

    @property
    def result(self) -> Result:
        verdicts = {each.verdict for each in self.findings}
        if Verdict.FAILED in verdicts:
            return "failed"
        return "incomplete" if Verdict.UNTESTED in verdicts else "passed"
