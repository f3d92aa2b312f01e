"""What may be claimed just now: circuits and rates decide the shares a worker asks for, whatever the engine.

It is decided in a transaction of its own, before the claim, so that no circuit is locked after a delivery. A worker
killed between the two leaves a probe that ends with its lease, and a few deliveries of the minute unused.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from etoile.hub.delivery import circuits, engine
from etoile.hub.delivery.circuits import Circuit
from etoile.hub.delivery.engine import Claim, Share
from etoile.hub.registry.directory import SubscriptionView

MINUTE = 60.0


@dataclass(slots=True)
class Admitted:
    """The shares to ask for. `probes`: the token of the probe each subscription was given; `reserved`: how many
    deliveries of its rate; `waits`: for those turned away, the seconds before it is worth asking again."""

    shares: list[Share] = field(default_factory=list)
    probes: dict[int, int] = field(default_factory=dict)
    reserved: dict[int, int] = field(default_factory=dict)
    waits: dict[int, float] = field(default_factory=dict)


# A delivery per call is reserved; what was left unused comes back to `burst` at most.
ENROL = """
INSERT INTO delivery_rate (subscription_id) SELECT id FROM unnest(%s::bigint[]) AS t(id) ORDER BY id
ON CONFLICT DO NOTHING
"""
LEVELS = """
SELECT subscription_id, tokens, extract(epoch FROM clock_timestamp() - at)::float8, clock_timestamp() FROM delivery_rate
WHERE subscription_id = ANY(%s) ORDER BY subscription_id FOR UPDATE
"""
LEAVE = """
UPDATE delivery_rate r SET tokens = t.tokens, at = t.at
FROM unnest(%s::bigint[], %s::float8[], %s::timestamptz[]) AS t(id, tokens, at) WHERE r.subscription_id = t.id
"""
GIVE_BACK = """
UPDATE delivery_rate r SET tokens = r.tokens + t.tokens
FROM (SELECT id, given.tokens FROM delivery_rate JOIN unnest(%s::bigint[], %s::float8[]) AS given(id, tokens)
      ON id = subscription_id ORDER BY id FOR UPDATE OF delivery_rate) t
WHERE r.subscription_id = t.id
"""
PROBE = """
UPDATE delivery_circuit c SET state = 'half_open', probe_token = c.probe_token + 1,
                              probe_until = clock_timestamp() + make_interval(secs => t.lease),
                              version = greatest(c.version, %s)
FROM (SELECT subscription_id, lease FROM delivery_circuit JOIN unnest(%s::bigint[], %s::float8[]) AS w(id, lease)
      ON w.id = subscription_id ORDER BY subscription_id FOR UPDATE OF delivery_circuit) t
WHERE c.subscription_id = t.subscription_id AND c.state <> 'closed'
  AND (c.next_probe <= clock_timestamp() OR c.version < %s)
  AND (c.probe_until IS NULL OR c.probe_until <= clock_timestamp())
RETURNING c.subscription_id, c.probe_token
"""
UNPROBE = """
UPDATE delivery_circuit c SET state = 'open', probe_until = NULL
FROM (SELECT id, token FROM delivery_circuit JOIN unnest(%s::bigint[], %s::bigint[]) AS given(id, token)
      ON id = subscription_id ORDER BY id FOR UPDATE OF delivery_circuit) t
WHERE c.subscription_id = t.id AND c.probe_token = t.token AND c.state = 'half_open'
"""


def admit(cursor: Any, shares: Sequence[Share], views: Mapping[int, SubscriptionView], *, version: int) -> Admitted:
    """The shares that may be asked for now. One look when no circuit is open and no rate is set."""
    admitted = Admitted()
    opened = circuits.opened(cursor, [share.subscription_id for share in shares])
    probing = _probes(cursor, [share for share in shares if share.subscription_id in opened], opened, version, admitted)
    candidates = [share for share in shares if share.subscription_id not in opened] + probing
    admitted.shares = _within_rates(cursor, candidates, views, admitted)
    _give_up(cursor, {id: token for id, token in admitted.probes.items() if id in admitted.waits}, admitted)
    return admitted


def unused(cursor: Any, admitted: Admitted, claims: Sequence[Claim]) -> None:
    """After the claim: what was reserved or lent for nothing is given back."""
    taken = Counter(claim.subscription_id for claim in claims)
    left = {id: number - taken[id] for id, number in admitted.reserved.items() if number > taken[id]}
    if left:
        cursor.execute(GIVE_BACK, [list(left), [float(number) for number in left.values()]])
    _give_up(cursor, {id: token for id, token in admitted.probes.items() if not taken[id]}, admitted)


def filled(tokens: float, seconds: float, rate: float) -> float:
    """How many deliveries may leave, of a subscription of so many per minute, `seconds` after `tokens` were left."""
    return min(burst(rate), tokens + max(0.0, seconds) * rate / MINUTE)


def burst(rate: float) -> float:
    """What may leave at once after a rest: what a second brings, one at least."""
    return max(1.0, rate / MINUTE)


def _probes(
    cursor: Any, shares: Sequence[Share], opened: Mapping[int, Circuit], version: int, admitted: Admitted
) -> list[Share]:
    """One lane, for each open circuit whose pause is over, if something waits."""
    if not shares:
        return []
    now = circuits.clock(cursor)
    due = {share.subscription_id: share for share in shares if _may_probe(opened[share.subscription_id], now, version)}
    for share in shares:
        if share.subscription_id not in due:
            admitted.waits[share.subscription_id] = _wait(opened[share.subscription_id], now)
    waiting = sorted(engine.waiting(cursor, sorted(due))) if due else []
    if waiting:
        cursor.execute(PROBE, [version, waiting, [due[id].lease for id in waiting], version])
        admitted.probes = dict(cursor.fetchall())
        engine.hasten(cursor, sorted(admitted.probes), first=True)
    return [replace(due[id], room=1, run=1) for id in admitted.probes]


def _may_probe(circuit: Circuit, now: datetime, version: int) -> bool:
    # A change of the registry may be the mending everybody waits for.
    free = circuit.probe_until is None or circuit.probe_until <= now
    return free and (circuit.next_probe is None or circuit.next_probe <= now or circuit.version < version)


def _wait(circuit: Circuit, now: datetime) -> float:
    moments = [moment for moment in (circuit.next_probe, circuit.probe_until) if moment is not None]
    return max(0.05, max((moment - now).total_seconds() for moment in moments)) if moments else 1.0


def _within_rates(
    cursor: Any, shares: Sequence[Share], views: Mapping[int, SubscriptionView], admitted: Admitted
) -> list[Share]:
    rates = {id: rate for share in shares if (rate := views[id := share.subscription_id].policy.rate) is not None}
    if not rates:
        return list(shares)
    levels = _levels(cursor, rates)
    left = []
    for share in shares:
        if share.subscription_id not in rates:
            left.append(share)
            continue
        level = levels[share.subscription_id]
        number = min(share.room, int(level))
        if number:
            admitted.reserved[share.subscription_id] = number
            left.append(replace(share, room=number, run=1))
        else:
            admitted.waits[share.subscription_id] = (1.0 - level) * MINUTE / rates[share.subscription_id]
    _take(cursor, levels, admitted.reserved)
    return left


def _levels(cursor: Any, rates: Mapping[int, float]) -> dict[int, float]:
    cursor.execute(ENROL, [list(rates)])
    cursor.execute(LEVELS, [list(rates)])
    return {id: filled(tokens, seconds, rates[id]) for id, tokens, seconds, _ in cursor.fetchall()}


def _take(cursor: Any, levels: Mapping[int, float], reserved: Mapping[int, int]) -> None:
    if reserved:
        now = circuits.clock(cursor)
        ids = list(reserved)
        cursor.execute(LEAVE, [ids, [levels[id] - reserved[id] for id in ids], [now] * len(ids)])


def _give_up(cursor: Any, probes: Mapping[int, int], admitted: Admitted) -> None:
    if probes:
        cursor.execute(UNPROBE, [list(probes), list(probes.values())])
        admitted.probes = {id: token for id, token in admitted.probes.items() if id not in probes}
