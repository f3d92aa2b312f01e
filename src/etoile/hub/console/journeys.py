"""The journey of one delivery, from acceptance to acknowledgement, on one line of time: what the journal says, each
try, and what comes next. All the deliveries of a message are read together, so the number of statements is fixed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.parts import Cell, TimelineEntry
from etoile.hub.console import queries, tables, words
from etoile.hub.console.forms import Decision
from etoile.hub.console.queries import Line
from etoile.hub.delivery import tries
from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.delivery.states import BLOCKING, CANCELLABLE, REPLAYABLE, DeliveryState
from etoile.hub.journal.models import Entry

PLANNED = 4
FOLDED = 3
ARRIVED = ("message.accepted", "message.unrouted", "message.kept")

# By the index of lanes, which holds nothing but what keeps its lane waiting.
LANES = """
SELECT one.id, ahead.id, behind.number
FROM unnest(%(ids)s::uuid[], %(subscriptions)s::bigint[], %(subjects)s::text[], %(positions)s::bigint[])
     AS one(id, subscription_id, subject, position)
LEFT JOIN LATERAL (
    SELECT d.id FROM delivery_delivery d
    WHERE d.subscription_id = one.subscription_id AND d.subject = one.subject AND d.position < one.position
      AND d.state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held')
    ORDER BY d.position LIMIT 1
) ahead ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM delivery_delivery d
    WHERE d.subscription_id = one.subscription_id AND d.subject = one.subject AND d.position > one.position
      AND d.state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held')
) behind
"""


@dataclass(frozen=True, slots=True)
class Journey:
    """One delivery as its page shows it. `ahead`: what it waits for; `behind`: how many wait for it."""

    line: Line
    kind: str
    state: Cell
    plan: str
    steps: Sequence[TimelineEntry]
    ahead: UUID | None
    behind: str
    form: Decision

    @property
    def can_replay(self) -> bool:
        return self.line.delivery.state in REPLAYABLE

    @property
    def can_cancel(self) -> bool:
        return self.line.delivery.state in CANCELLABLE

    @property
    def is_stuck(self) -> bool:
        return self.line.delivery.state in (DeliveryState.DEAD, DeliveryState.REJECTED)

    @property
    def is_over(self) -> bool:
        return self.line.delivery.state in (DeliveryState.ACKNOWLEDGED, DeliveryState.CANCELLED)


def journeys(deliveries: Sequence[Delivery], form: Decision | None = None) -> list[Journey]:
    """Five statements, however many deliveries. `form`: one that was filled in wrongly, for a single delivery."""
    if not deliveries:
        return []
    lines = queries.lines(list(deliveries))
    entries = list(queries.entries_of(deliveries[0].message_id, [each.pk for each in deliveries]))
    attempts = tries.of(deliveries)
    lanes = _lanes(lines)
    return [
        _journey(
            line,
            [each for each in attempts if each.delivery_id == line.delivery.pk],
            [each for each in entries if each.delivery_id in (None, line.delivery.pk)],
            *lanes.get(line.delivery.pk, (None, 0)),
            form or Decision(auto_id=f"{line.delivery.pk}-%s"),
        )
        for line in lines
    ]


def _journey(
    line: Line, attempts: Sequence[Attempt], entries: Sequence[Entry], ahead: UUID | None, behind: int, form: Decision
) -> Journey:
    subscription = line.subscription.slug if line.subscription else ""
    past = [_arrival(line, entries), *_all_tried(attempts, subscription), *_written(entries)]
    past.sort(key=lambda step: step.at or line.delivery.created_at)
    return Journey(
        line=line,
        kind=words.kind(line.message.type) if line.message else "–",
        state=tables.state_cell(line.delivery.state),
        plan=words.plan(line),
        steps=[*past, *_coming(line)],
        ahead=ahead,
        behind=_waiting(behind) if line.delivery.state in BLOCKING else "",
        form=form,
    )


def _lanes(lines: Sequence[Line]) -> dict[UUID, tuple[UUID | None, int]]:
    ordered = [each.delivery for each in lines if each.subscription is None or each.subscription.ordered]
    with connection.cursor() as cursor:
        cursor.execute(
            LANES,
            {
                "ids": [each.pk for each in ordered],
                "subscriptions": [each.subscription_id for each in ordered],
                "subjects": [each.subject for each in ordered],
                "positions": [each.position for each in ordered],
            },
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _waiting(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(n)s autre message de cette demande attend derrière.",
        "%(n)s autres messages de cette demande attendent derrière.",
        number,
    ) % {"n": number}


def _arrival(line: Line, entries: Sequence[Entry]) -> TimelineEntry:
    arrived = next((each for each in entries if each.kind in ARRIVED), None)
    at = arrived.at if arrived else line.delivery.created_at
    author = line.message.source if line.message else ""
    title = _("Accepté par le hub, pour %(application)s") % {"application": line.application or "–"}
    return TimelineEntry(title, at, tone="success", author=author, precise=True)


def _all_tried(attempts: Sequence[Attempt], subscription: str) -> list[TimelineEntry]:
    """What failed the same way again and again is one step, which opens; the last of them stands whole."""
    steps = []
    for _same, run in groupby(attempts, key=lambda each: (each.outcome, each.http_status, each.detail)):
        tried = list(run)
        folded = tried[:-1] if len(tried) > FOLDED else []
        if folded:
            steps.append(_repeated(folded, subscription))
        steps += [_tried(each, subscription) for each in tried[len(folded) :]]
    return steps


def _repeated(attempts: Sequence[Attempt], subscription: str) -> TimelineEntry:
    first, last = attempts[0], attempts[-1]
    said = {"first": first.number, "last": last.number, "outcome": words.outcome(first)}
    told = [(each, words.moment(each.started_at), _facts(each), _calls(each)) for each in attempts]
    body = render_to_string("console/_repeated.html", {"attempts": told, "subscription": subscription})
    title = _("Essais %(first)s à %(last)s : %(outcome)s") % said
    until = _("jusqu’au %(at)s") % {"at": words.moment(last.started_at)}
    tone = words.outcome_tone(first)
    return TimelineEntry(title, first.started_at, first.detail or "", tone, precise=True, facts=[until], body=body)


def _facts(attempt: Attempt) -> list[str]:
    facts = [words.duration(attempt)] if attempt.finished_at else []
    return facts + ([f"HTTP {attempt.http_status}"] if attempt.http_status else [])


def _calls(attempt: Attempt) -> list[dict[str, Any]]:
    return list((attempt.exchange or {}).get("calls") or [])


def _tried(attempt: Attempt, subscription: str) -> TimelineEntry:
    facts, calls = _facts(attempt), _calls(attempt)
    told = {"calls": calls, "number": attempt.number, "subscription": subscription}
    body = render_to_string("console/_exchange.html", told) if calls else None
    title = _("Essai %(n)s : %(outcome)s") % {"n": attempt.number, "outcome": words.outcome(attempt)}
    tone = words.outcome_tone(attempt)
    return TimelineEntry(title, attempt.started_at, attempt.detail or "", tone, precise=True, facts=facts, body=body)


def _written(entries: Iterable[Entry]) -> list[TimelineEntry]:
    """What the journal says beside the acceptance: decisions, with who took them and why."""
    return [
        TimelineEntry(
            each.words,
            each.entry.at,
            each.reason,
            "info",
            author="" if each.entry.actor == "hub" else each.entry.actor,
            icon="user" if "@" in each.entry.actor else "document",
            precise=True,
        )
        for each in words.journal(entries)
        if each.entry.kind not in ARRIVED
    ]


def _coming(line: Line) -> list[TimelineEntry]:
    """The tries to come, as they are planned if each one fails."""
    delivery = line.delivery
    if delivery.state == DeliveryState.SENT:
        return [TimelineEntry(_("L’application doit encore donner son numéro"), is_future=True, icon="clock")]
    if delivery.state not in (DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED) or delivery.due is None:
        return []
    moments = _moments(delivery.due, line.delays[line.tries + 1 :][: PLANNED - 1])
    total = len(line.delays)
    return [
        TimelineEntry(
            _("Essai %(n)s sur %(total)s, prévu") % {"n": line.tries + rank, "total": total},
            at,
            precise=rank == 1,
            is_future=True,
            icon="clock",
            facts=[_("si le précédent échoue")] if rank > 1 else [],
        )
        for rank, at in enumerate(moments, start=1)
    ]


def _moments(due: datetime, delays: Iterable[float]) -> list[datetime]:
    found = [due]
    for delay in delays:
        found.append(found[-1] + timedelta(seconds=delay))
    return found
