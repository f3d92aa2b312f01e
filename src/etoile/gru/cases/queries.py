"""Reading cases: who may see which, and the read models of the screens and of the API. Nothing here writes."""

import uuid
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Case as Conditional
from django.db.models import Q, QuerySet, Value, When

from etoile.gru.access.models import Account, Authority
from etoile.gru.access.queries import sectors_of, teams_of
from etoile.gru.access.rights import Right
from etoile.gru.cases import keys
from etoile.gru.cases.apart import in_reach, in_use
from etoile.gru.cases.lists.pages import page as page
from etoile.gru.cases.lists.pages import position_of as position_of
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.moves import seal
from etoile.gru.cases.states import OPEN
from etoile.gru.cases.typed import identifier
from etoile.gru.cases.views_of_agent import ACTING, AgentCase, agent_view
from etoile.gru.cases.views_of_person import Tracking, tracking_view
from etoile.gru.forms.sensitive import open_sealed

SLICE = 500

# What `agent_view` reads beside a case.
NEEDED = ("authority", "procedure_version__procedure", "team", "sector", "assignee")


def visible_to(account: Account | AnonymousUser, right: Right = "cases.read") -> QuerySet[Case]:
    """Cases of the account's own authority on which it holds this right: those of its teams or of their sectors, those
    set apart left out.

    None for an unknown or inactive account."""
    return in_use(reachable_by(account, right))


def reachable_by(account: Account | AnonymousUser, right: Right) -> QuerySet[Case]:
    """As `visible_to`, with those set apart: for whoever holds a right on these."""
    return Case.objects.filter(_within(account, right), authority_id=getattr(account, "authority_id", None))


def _within(account: Account | AnonymousUser, right: Right) -> Q:
    return Q(team__in=teams_of(account, right).values("pk")) | Q(sector__in=sectors_of(account, right).values("pk"))


def open_count(account: Account, *, most: int) -> int:
    """How many open cases the account may treat, counted up to `most`: a list of a million costs no more."""
    return visible_to(account).filter(state__in=OPEN).order_by()[:most].count()


def agent_case(account: Account, case_id: uuid.UUID) -> AgentCase | None:
    """Everything an agent's page shows of one case; None when it is not theirs to see, or does not exist."""
    held = {f"may_{right.partition('.')[2]}": When(_within(account, right), then=Value(True)) for right in ACTING}
    case = (
        visible_to(account)
        .select_related(*NEEDED)
        .annotate(**{name: Conditional(when, default=Value(False)) for name, when in held.items()})
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        return None
    held_now = {right for right in ACTING if getattr(case, f"may_{right.partition('.')[2]}")}
    return agent_view(case, held_now, account)


def tracking(key: str) -> Tracking | None:
    """What the person sees of the case this secret key opens; None when the key opens nothing."""
    case = by_tracking_key(key)
    return tracking_view(case) if case is not None else None


def by_tracking_key(key: str) -> Case | None:
    return in_reach(Case.objects.select_related(*NEEDED).filter(tracking_hash=keys.fingerprint(key))).first()


def of_authority(authority: Authority) -> QuerySet[Case]:
    """Cases of an authority, for a client of the API bound to it."""
    return in_use(Case.objects.filter(authority=authority)).select_related(*NEEDED)


def find(siret: str, *, case_id: str = "", reference: str = "", subject: str = "") -> uuid.UUID | None:
    """The case an event speaks of: by its id, else the subject `case/<id>`, else its reference, in that authority."""
    mine = Case.objects.filter(authority__siret=siret)
    for text in (case_id, subject.removeprefix("case/") if subject.startswith("case/") else ""):
        known = identifier(text)
        if known is not None:
            return mine.filter(pk=known).values_list("pk", flat=True).first()
    return mine.filter(reference=reference).values_list("pk", flat=True).first() if reference else None


def clear_answers(case: Case) -> dict[str, object]:
    """The answers with the sensitive ones opened: for the agent in charge and for the contract only."""
    return open_sealed(case.answers, holder=case.id)


def chain_is_whole(case: Case) -> bool:
    """True when each history row carries the hash of the one before, its own hash is right, and none is missing."""
    return _is_whole(case, History.objects.filter(case=case).order_by("number"))


def broken_chains(authority: Authority) -> Iterator[tuple[int, list[str]]]:
    """For each slice of cases of the authority: how many were checked so far, the references whose history is not
    whole (`chain_is_whole`). Two statements a slice; what changes meanwhile is read as it was or as it is, whole."""
    checked, last = 0, uuid.UUID(int=0)
    while True:
        with transaction.atomic():
            # One picture of the slice: a case read before a move and its history after it would seem broken.
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cases = list(Case.objects.filter(authority=authority, pk__gt=last).order_by("pk")[:SLICE])
            rows: dict[uuid.UUID, list[History]] = {each.pk: [] for each in cases}
            for row in History.objects.filter(case__in=rows).order_by("number"):
                rows[row.case_id].append(row)
        if not cases:
            return
        checked, last = checked + len(cases), cases[-1].pk
        yield checked, [each.reference for each in cases if not _is_whole(each, rows[each.pk])]


def _is_whole(case: Case, rows: Iterable[History]) -> bool:
    previous, number = b"", 0
    for row in rows:
        number += 1
        if row.number != number or bytes(row.previous_hash) != previous or seal(row) != bytes(row.hash):
            return False
        previous = bytes(row.hash)
    return number == case.history_number and previous == bytes(case.history_hash)
