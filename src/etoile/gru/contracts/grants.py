"""What contracts in force allow together on one request or person. Plain values, no statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from etoile.gru.contracts.models import Contract
from etoile.gru.people.models import Attribute, Level


@dataclass(frozen=True, slots=True)
class Known:
    """A value with how sure it is."""

    value: Any
    level: int = Level.DECLARED


@dataclass(frozen=True, slots=True)
class Grant:
    """By attribute, the least level that is given (`read`), and the most that may be written (`write`).

    `contracts`: those it comes from; none, nothing is allowed.
    """

    read: Mapping[str, int] = field(default_factory=dict)
    write: Mapping[str, int] = field(default_factory=dict)
    contracts: tuple[Contract, ...] = ()
    # By procedure, the closed questions whose answers and files are given (`forms.closed`).
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.contracts)

    def opened(self, procedure: str) -> frozenset[str]:
        return self.answers.get(procedure, frozenset())

    def given(self, known: Mapping[str, Known]) -> dict[str, Any]:
        """Of what is known, what may be told."""
        return {key: each.value for key, each in known.items() if key in self.read and each.level >= self.read[key]}


def joined(contracts: Iterable[Contract]) -> Grant:
    """Two contracts add up: what one allows, the other does not take away."""
    held = tuple(contracts)
    read: dict[str, int] = {}
    write: dict[str, int] = {}
    for contract in held:
        for key, levels in contract.attributes.items():
            if levels.get("read") is not None:
                read[key] = min(levels["read"], read.get(key, levels["read"]))
            if levels.get("write") is not None:
                write[key] = max(levels["write"], write.get(key, levels["write"]))
    answers: dict[str, frozenset[str]] = {}
    for contract in held:
        for procedure, questions in contract.answers.items():
            answers[procedure] = answers.get(procedure, frozenset()) | frozenset(questions)
    return Grant(read, write, held, answers)


def covers(contract: Contract, procedure: str, sector: str) -> bool:
    """Slugs, of one request."""
    return procedure in contract.procedures or sector in contract.sectors


def known_of(attributes: Iterable[Attribute], at: datetime) -> dict[str, Known]:
    """By key. A value past its expiry is only as sure as one declared."""
    return {
        each.key: Known(
            each.value, each.level if each.expires_at is None or each.expires_at > at else int(Level.DECLARED)
        )
        for each in attributes
    }


def declared(values: Mapping[str, Any]) -> dict[str, Known]:
    return {key: Known(value) for key, value in values.items()}
