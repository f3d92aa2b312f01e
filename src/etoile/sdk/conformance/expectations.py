"""Which outcome each kind of fault calls for: what an agent will read, and what the hub will do, depend on it."""

from __future__ import annotations

from collections.abc import Mapping

from etoile.sdk.faults import KINDS
from etoile.sdk.lookup import LookupResult
from etoile.sdk.outcome import OutcomeKind

DONE = frozenset({OutcomeKind.ACKNOWLEDGED, OutcomeKind.ACCEPTED})
RETRY = frozenset({OutcomeKind.RETRY})
REFUSED = frozenset({OutcomeKind.FIX_DATA, OutcomeKind.BUSINESS_NO})
BLOCKED = frozenset({OutcomeKind.FIX_CONFIGURATION})

CLASSES: Mapping[OutcomeKind | LookupResult, tuple[str, str]] = {
    OutcomeKind.ACKNOWLEDGED: ("enregistré", "recorded"),
    OutcomeKind.ACCEPTED: ("pris, numéro à venir", "taken, number to come"),
    OutcomeKind.RETRY: ("nouvel essai", "tried again"),
    OutcomeKind.FIX_DATA: ("refusé : demande à corriger", "refused: request to mend"),
    OutcomeKind.BUSINESS_NO: ("refusé par le métier", "refused by the trade"),
    OutcomeKind.FIX_CONFIGURATION: ("bloqué : réglage à revoir", "blocked: setting to mend"),
    OutcomeKind.MANUAL: ("une personne doit regarder", "a person must look"),
    LookupResult.FOUND: ("trouvé", "found"),
    LookupResult.NOT_FOUND: ("absent", "not found"),
    LookupResult.REFUSED: ("question refusée", "question refused"),
    LookupResult.UNAVAILABLE: ("indisponible : demander autrement", "unavailable: ask otherwise"),
}

_EXPECTED: Mapping[str, frozenset[OutcomeKind]] = {
    "down": RETRY,
    "time_out": RETRY,
    "slow": RETRY,
    "write_then_fail": RETRY,
    "unauthorized": BLOCKED,
    "forbidden": BLOCKED,
    "not_found": BLOCKED,
    "gone": BLOCKED,
    "redirect": BLOCKED,
    # The application says that it is busy with it: later it will be there, or its number in the answer.
    "conflict": RETRY | DONE,
    "refuse": REFUSED,
    "too_many": RETRY,
    "error": RETRY,
    "unavailable": RETRY,
    # An answer that proves nothing is no success, and no refusal either.
    "html": RETRY,
    "truncated": RETRY,
    "wrong_charset": RETRY | DONE,
    # It was recorded or nobody knows; and a person may have to see that the vendor changed its answers.
    "renamed": RETRY | DONE | BLOCKED,
    "duplicate": DONE,
    # They concern what is told afterwards: the delivery itself goes well.
    "lost_notification": DONE,
    "out_of_order": DONE,
    "disk_full": RETRY,
    "cut_while_writing": RETRY,
    "rename_refused": RETRY | BLOCKED,
    "shortened": RETRY,
    "other_host_key": BLOCKED,
    "weak_algorithms": BLOCKED,
    "latin1": DONE,
    "with_parts": DONE,
    "empty_envelope": RETRY,
    "bomb": RETRY,
    "external_entity": RETRY,
}
# The connector is made to wait longer than it has.
WAITING = frozenset({"slow", "time_out"})


def expected(kind: str) -> frozenset[OutcomeKind]:
    """The outcomes that are right under this fault; any, for a kind that is not in the table."""
    return _EXPECTED.get(kind, frozenset(OutcomeKind))


def answered(kind: str) -> frozenset[LookupResult]:
    """What a question may be answered under this fault: what waits or is to be mended is unavailable."""
    right = set()
    for outcome in expected(kind):
        if outcome in DONE:
            right.add(LookupResult.FOUND)
        else:
            right.add(LookupResult.REFUSED if outcome in REFUSED else LookupResult.UNAVAILABLE)
    # Many applications answer 404 of what they do not have: an address that is wrong cannot be told from it.
    return frozenset(right | ({LookupResult.NOT_FOUND} if kind in ("not_found", "gone") else set()))


def unnamed() -> frozenset[str]:
    """Kinds of the vocabulary for which nothing is said here."""
    return frozenset(KINDS) - set(_EXPECTED)
