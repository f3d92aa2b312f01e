"""The list of cases: the criteria of the agents' lists, said in the words of the API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from etoile.gru.access.models import Team
from etoile.gru.api import pages
from etoile.gru.api.acting import ACT, account_of
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.people import People, names_needed
from etoile.gru.api.problems import Refusal
from etoile.gru.cases.lists.criteria import Criteria, Due, Follower
from etoile.gru.cases.lists.pages import Sort
from etoile.gru.cases.models import Case
from etoile.gru.cases.references import is_well_formed
from etoile.gru.cases.states import Channel, State, Substate
from etoile.gru.desk import labels, watching
from etoile.gru.forms.models import Procedure

MANY = 50
# The largest identifier of a label.
MOST = 2**31 - 1


class Waiting(StrEnum):
    """What a case waits for, without the empty one."""

    DOCUMENTS_ASKED = Substate.DOCUMENTS_ASKED.value
    OPINION_ASKED = Substate.OPINION_ASKED.value
    PAYMENT_DUE = Substate.PAYMENT_DUE.value
    TRANSFERRED = Substate.TRANSFERRED.value


class Wanted(Schema):
    """Several values of one criterion mean any of them; the criteria hold together, unless `any_of` is true."""

    q: str = Field(
        "",
        max_length=200,
        description="A reference, or beginnings of words of the case, for a service contract that reads the names.",
    )
    procedure: list[str] = Field(default_factory=list, max_length=MANY, description="Slugs.")
    team: list[str] = Field(default_factory=list, max_length=MANY, description="Slugs.")
    state: list[State] = Field(default_factory=list, max_length=MANY)
    waiting_for: list[Waiting] = Field(default_factory=list, max_length=MANY)
    channel: list[Channel] = Field(default_factory=list, max_length=MANY)
    assignee: str | None = Field(None, max_length=254, description="An agent's e-mail address, or `nobody`.")
    due: Due | None = Field(None, description="Late, or due within ten days.")
    due_on: date | None = None
    label: list[Annotated[int, Field(ge=1, le=MOST)]] = Field(
        default_factory=list, max_length=MANY, description="Identifiers. Needs cases:act."
    )
    watched_by: str | None = Field(None, max_length=254, description="An agent's e-mail address. Needs cases:act.")
    received_from: date | None = None
    received_to: date | None = None
    any_of: bool = False
    updated_since: datetime | None = Field(None, description="To follow changes, GET changes misses none.")


class Asked(Wanted):
    """What is wanted, in an order and by pages."""

    sort: Sort = Sort.RECENT
    after: str = Field("", max_length=200, description="The `next` of the page before, under the same criteria.")
    limit: int = Field(50, ge=1, le=pages.LIMIT)


def refuse_unknown(request: HttpRequest, asked: Wanted) -> None:
    """Raises `Refusal` (422): a criterion that nobody reads would give every case, and be believed."""
    if lost := sorted(set(request.GET) - set(type(asked).model_fields)):
        errors = [(f"/{name}", "") for name in lost]
        raise Refusal(422, "invalid-data", "Un critère n'est pas connu ici", errors=errors)


def found(asked: Wanted, allowed: Allowed) -> QuerySet[Case]:
    """The cases that answer. Raises `Refusal` (422) for an agent, a team or a procedure that is not known here,
    (403) for words without a contract that reads the names."""
    agent = None
    follower = None
    if asked.assignee is not None:
        follower = Follower.NOBODY if asked.assignee == Follower.NOBODY else Follower.ME
        if follower is Follower.ME:
            account = account_of(allowed, asked.assignee)
            if account is None:
                raise _unknown("assignee")
            agent = account.pk
    criteria = Criteria(
        words=asked.q,
        teams=_teams(asked.team, allowed),
        procedures=_procedures(asked.procedure, allowed),
        states=tuple(asked.state),
        substates=tuple(asked.waiting_for),
        channels=tuple(asked.channel),
        follower=follower,
        due=asked.due,
        due_on=asked.due_on,
        received_from=asked.received_from,
        received_to=asked.received_to,
        beside=tuple(_beside(asked, allowed)),
        any_of=asked.any_of,
    )
    if asked.q and not is_well_formed(asked.q):
        # The words of a case are those of its person too: asking for one is asking who they are.
        within = () if asked.any_of else asked.procedure
        names_needed(People(allowed), within or list(allowed.procedures))
    cases = allowed.cases()
    if asked.updated_since is not None:
        cases = cases.filter(updated_at__gte=_instant(asked.updated_since))
    return criteria.narrow(cases, me=(agent,), zone=allowed.authority.zone)


def _instant(at: datetime) -> datetime:
    """In UTC, without an offset that the database would not read. Raises `Refusal` at the ends of the calendar."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise _unknown("updated_since") from error


def _beside(asked: Wanted, allowed: Allowed) -> Iterator[Q]:
    """What agents keep beside cases is for programs that act in their name."""
    if asked.label or asked.watched_by is not None:
        allowed.need(ACT)
    if asked.label:
        yield labels.having(asked.label)
    if asked.watched_by is not None:
        account = account_of(allowed, asked.watched_by)
        if account is None:
            raise _unknown("watched_by")
        yield watching.of(account.pk)


def _teams(slugs: list[str], allowed: Allowed) -> tuple[int, ...]:
    known = (
        dict(Team.objects.filter(authority=allowed.authority, slug__in=slugs).values_list("slug", "pk"))
        if slugs
        else {}
    )
    if missing := [each for each in slugs if each not in known]:
        raise _unknown("team", missing[0])
    return tuple(known.values())


def _procedures(slugs: list[str], allowed: Allowed) -> tuple[int, ...]:
    here = Procedure.objects.filter(authority=allowed.authority, slug__in=slugs)
    known = dict(here.values_list("slug", "pk")) if slugs else {}
    if missing := [each for each in slugs if each not in known or not allowed.has(each)]:
        raise _unknown("procedure", missing[0])
    return tuple(known.values())


def _unknown(name: str, value: str = "") -> Refusal:
    detail = f"« {value} » n'est pas connu ici." if value else ""
    return Refusal(422, "invalid-data", "Un critère n'est pas connu ici", errors=[(f"/{name}", detail)])
