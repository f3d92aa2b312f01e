"""When an application as a whole does not answer, or refuses us, what waits for it stays where it is.

A circuit per subscription, in the database: shared by every worker, kept through restarts. It opens after several
failures in a row that are the application's and not a message's; while it is open nothing is claimed, except one probe
at a time after each pause. The first answer closes it. docs/guarantees.md has the table, docs/adr the reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import Result
from etoile.hub.delivery.reasons import required
from etoile.hub.delivery.schedule import LONGEST_WAIT
from etoile.hub.journal import services as journal
from etoile.hub.registry import directory
from etoile.hub.registry.directory import CircuitPolicy
from etoile.sdk import OutcomeKind

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
UNAVAILABLE, CONFIGURATION = "unavailable", "configuration"

# Details of failures that say nothing of the application: the hub stopped, a document could not be read at its source.
STOPPED, DOCUMENT = "stopped", "document"
# And beginnings of details of wrong settings that one message may meet alone.
ONE_MESSAGE = ("mapping: ", "signature: ")
# The answer is about the whole subscription: who we are, or where we call.
WHOLE_STATUSES = frozenset({301, 302, 303, 307, 308, 401, 407, 410})
# It answers; it is this request that must wait.
BUSY_WITH_IT = frozenset({409, 423, 425})


class Verdict(StrEnum):
    """What a result says of the application. ALIVE: it answered. DOWN: it did not, or says it cannot. REFUSING: nothing
    of ours would pass. DOUBTFUL: a wrong setting, for this message or for all. SILENT: nothing is known."""

    ALIVE = "alive"
    DOWN = "down"
    REFUSING = "refusing"
    DOUBTFUL = "doubtful"
    SILENT = "silent"

    @property
    def fails(self) -> bool:
        return self in (Verdict.DOWN, Verdict.REFUSING, Verdict.DOUBTFUL)

    @property
    def reason(self) -> str:
        return UNAVAILABLE if self == Verdict.DOWN else CONFIGURATION


def verdict(result: Result) -> Verdict:
    """What a try that is over says of the application."""
    kind, status = result.outcome, result.http_status
    if kind in (OutcomeKind.ACKNOWLEDGED, OutcomeKind.ACCEPTED):
        return Verdict.ALIVE
    if kind == OutcomeKind.RETRY:
        if status in BUSY_WITH_IT:
            return Verdict.ALIVE
        return Verdict.SILENT if result.detail in (STOPPED, DOCUMENT) else Verdict.DOWN
    if kind == OutcomeKind.FIX_CONFIGURATION:
        whole = status in WHOLE_STATUSES if status else not result.detail.startswith(ONE_MESSAGE)
        return Verdict.REFUSING if whole else Verdict.DOUBTFUL
    return Verdict.ALIVE if status else Verdict.SILENT


@dataclass(frozen=True, slots=True)
class Circuit:
    """`failures` in a row while it is closed; `openings` since it was last closed: each makes the pause longer.

    `next_probe`: from when on one delivery may be tried; `probe_until`: while it is being tried, the end of its lease,
    and `probe_token` says by whom. `last_delivery`: the last that failed. `version`: of the registry at that moment.
    """

    subscription_id: int
    state: str = CLOSED
    reason: str = ""
    failures: int = 0
    openings: int = 0
    since: datetime | None = None
    next_probe: datetime | None = None
    probe_until: datetime | None = None
    probe_token: int = 0
    last_delivery: UUID | None = None
    words: str = ""
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Open, or half open: nothing but a probe leaves."""
        return self.state != CLOSED


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict, the delivery it came from, and `probe`, the token of the probe if the try was one."""

    verdict: Verdict
    delivery: UUID
    probe: int | None = None
    retry_after: float | None = None
    words: str = ""


def after(circuit: Circuit, said: Said, policy: CircuitPolicy, *, now: datetime, version: int = 0) -> Circuit:
    """The circuit once this is known. Any order of any results is right; the same one twice does no harm."""
    if policy.failures == 0 or said.verdict == Verdict.ALIVE:
        return closed(circuit, now=now)
    probed = circuit.state == HALF_OPEN and said.probe == circuit.probe_token
    if said.verdict == Verdict.SILENT:
        return _tried_for_nothing(circuit, policy, now) if probed else circuit
    if circuit.is_open and not probed:
        return _waiting_longer(circuit, said, now)
    if circuit.is_open:
        return _opened(circuit, said, policy, now, version)
    failed = _counted(circuit, said)
    at_once = said.verdict == Verdict.REFUSING and said.delivery != circuit.last_delivery
    return _opened(failed, said, policy, now, version) if at_once or failed.failures >= policy.failures else failed


def closed(circuit: Circuit, *, now: datetime) -> Circuit:
    """Closed, whatever it was. The last delivery that failed stays known: it may be the one thing that is wrong."""
    if not circuit.is_open and not circuit.failures:
        return circuit
    since = now if circuit.is_open else circuit.since
    return replace(
        circuit,
        state=CLOSED,
        reason="",
        failures=0,
        openings=0,
        since=since,
        next_probe=None,
        probe_until=None,
        words="",
    )


def pause(openings: int, policy: CircuitPolicy) -> float:
    """Seconds before the next probe: twice as long each time, up to the longest."""
    return float(min(policy.longest, policy.pause * 2.0 ** min(openings - 1, 30)))


def _counted(circuit: Circuit, said: Said) -> Circuit:
    # One message that fails again and again has its own list of delays, and says nothing of the others.
    again = circuit.failures > 0 and said.delivery == circuit.last_delivery
    return replace(
        circuit, failures=circuit.failures + (0 if again else 1), last_delivery=said.delivery, words=said.words
    )


def _opened(circuit: Circuit, said: Said, policy: CircuitPolicy, now: datetime, version: int) -> Circuit:
    openings = circuit.openings + 1
    wait = max(pause(openings, policy), _asked(said))
    return replace(
        circuit,
        state=OPEN,
        reason=said.verdict.reason,
        openings=openings,
        since=circuit.since if circuit.is_open else now,
        next_probe=now + timedelta(seconds=wait),
        probe_until=None,
        last_delivery=said.delivery,
        words=said.words,
        version=version,
    )


def _tried_for_nothing(circuit: Circuit, policy: CircuitPolicy, now: datetime) -> Circuit:
    again = now + timedelta(seconds=pause(max(1, circuit.openings), policy))
    return replace(circuit, state=OPEN, next_probe=again, probe_until=None)


def _waiting_longer(circuit: Circuit, said: Said, now: datetime) -> Circuit:
    asked = now + timedelta(seconds=_asked(said))
    later = asked if circuit.next_probe is None else max(circuit.next_probe, asked)
    return replace(circuit, next_probe=later)


def _asked(said: Said) -> float:
    return min(said.retry_after or 0.0, LONGEST_WAIT)


COLUMNS = (
    "subscription_id, state, reason, failures, openings, since, next_probe, probe_until, probe_token, last_delivery,"
    " words, version"
)
TYPES = "bigint, text, text, integer, integer, timestamptz, timestamptz, timestamptz, bigint, uuid, text, bigint"
NAMES = tuple(COLUMNS.replace(" ", "").split(","))
WRITE = (
    f"UPDATE delivery_circuit c SET ({COLUMNS}) = ("  # noqa: S608 (constants of this file)
    + ", ".join(f"t.{name}" for name in NAMES)
    + ") FROM unnest("
    + ", ".join(f"%s::{type}[]" for type in TYPES.split(", "))
    + f") AS t({COLUMNS}) WHERE c.subscription_id = t.subscription_id"
)


def all(cursor: Any) -> dict[int, Circuit]:
    """The circuits that are not closed, by subscription."""
    return _read(cursor, "state <> 'closed'", [])


def of(cursor: Any, subscriptions: Sequence[int]) -> dict[int, Circuit]:
    """Those of these subscriptions that are not closed, or on their way to open."""
    return _read(cursor, "subscription_id = ANY(%s) AND (state <> 'closed' OR failures > 0)", [list(subscriptions)])


def opened(cursor: Any, subscriptions: Sequence[int]) -> dict[int, Circuit]:
    """Those of these subscriptions that are not closed."""
    return _read(cursor, "subscription_id = ANY(%s) AND state <> 'closed'", [list(subscriptions)])


def clock(cursor: Any) -> datetime:
    """What time it is for the database, the only clock the workers share."""
    cursor.execute("SELECT clock_timestamp()")
    now: datetime = cursor.fetchone()[0]
    return now


def lock(cursor: Any, subscriptions: Sequence[int]) -> tuple[dict[int, Circuit], datetime]:
    """Those of these subscriptions, made if need be, until the end of the transaction; and the database's now.

    They are taken in the order of their numbers, after the locks of subjects and before any delivery.
    """
    cursor.execute(
        "INSERT INTO delivery_circuit (subscription_id) SELECT id FROM unnest(%s::bigint[]) AS t(id) ORDER BY id"
        " ON CONFLICT DO NOTHING",
        [list(subscriptions)],
    )
    known = _read(cursor, "subscription_id = ANY(%s) ORDER BY subscription_id FOR UPDATE", [list(subscriptions)])
    return known, clock(cursor)


def write(cursor: Any, circuits: Sequence[Circuit]) -> None:
    """Keep circuits taken by `lock`."""
    if circuits:
        cursor.execute(WRITE, [[getattr(circuit, name) for circuit in circuits] for name in NAMES])


def words_of(circuit: Circuit, said: Said, result: Result) -> Mapping[str, Any]:
    """What the journal keeps of an opening: facts, and none of the application's words."""
    return {
        "reason": circuit.reason,
        "failures": circuit.failures,
        "outcome": result.outcome,
        "http_status": result.http_status,
        "retry_after": said.retry_after,
    }


def close(subscription_id: int, *, actor: str, reason: str) -> bool:
    """Close a circuit by hand: what waits for the subscription leaves at once. False if it was closed already."""
    required(reason)
    with transaction.atomic(), connection.cursor() as cursor:
        held, now = lock(cursor, [subscription_id])
        if not held[subscription_id].is_open:
            return False
        write(cursor, [closed(held[subscription_id], now=now)])
        view = directory.current(cursor).subscriptions.get(subscription_id)
        detail = {"subscription": view.slug if view else subscription_id, "reason": reason}
        journal.record(
            cursor, "circuit.closed", actor=actor, application=view.application.slug if view else None, detail=detail
        )
        engine.hasten(cursor, [subscription_id])
        return True


def _read(cursor: Any, condition: str, values: list[Any]) -> dict[int, Circuit]:
    cursor.execute(f"SELECT {COLUMNS} FROM delivery_circuit WHERE {condition}", values)  # noqa: S608
    return {row[0]: Circuit(*row) for row in cursor.fetchall()}
