"""What a mandate opens, and to whom: the requests begun under it, as long as it is in force, for what it is for.

A mandate is in force when it is living and either its principal gave it in their own space, or an agent attested it;
whoever it is given to has accepted it, or is known to the base as that person. It is read each time: what ends is cut
at once.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from etoile.gru.accounts.queries import addresses
from etoile.gru.cases.apart import in_reach
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.unreached import CORRECTED, READER
from etoile.gru.filling.errors import DraftUnknown
from etoile.gru.filling.models import Draft
from etoile.gru.notices.readers import Reader
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.queries import attributes_of
from etoile.gru.people.words import name_of
from etoile.gru.ties import scopes
from etoile.gru.ties.models import Concerned, Tie

KIND = "mandate"
CAPACITY = "mandate"
# How a principal says it: in their own space.
OWN = "account"
MOST = 100
_MANDATED = Q(tie=None) | Q(tie__kind=KIND)


@dataclass(frozen=True, slots=True)
class Under:
    """A request made under a mandate. `holder`: none when the mandate is erased since."""

    principal: uuid.UUID
    holder: uuid.UUID | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did in my name. `by`: their name, as I may read it."""

    case: Case
    by: str
    in_force: bool
    since: datetime


def is_in_force(tie: Tie, slug: str) -> bool:
    """For this procedure, today."""
    answered_for = tie.source == OWN or tie.level_now > Level.DECLARED
    return tie.kind == KIND and tie.is_living and answered_for and scopes.covers(tie, slug)


def of_request(case_id: uuid.UUID, slug: str, mandate: Mapping[str, str]) -> Under | None:
    """`mandate` is what the request or its draft says of it; None when it is under no mandate of the base. One
    statement, none for a request that says no mandate."""
    if mandate.get("capacity") != CAPACITY:
        return None
    with scope.of_task("mandates"):
        row = _concerned().filter(case_id=case_id).first()
    return _under(row, slug) if row is not None else None


def out_of_reach(case_ids: QuerySet[Any, Any], person: uuid.UUID) -> set[uuid.UUID]:
    """Of these requests and drafts, those that `person` made under a mandate which is no longer in force. Three
    statements at most, one when none was made for somebody else."""
    with scope.of_task("mandates"):
        rows = {each.case_id: each for each in _concerned().filter(case_id__in=case_ids).exclude(person=person)}
    slugs = _slugs(list(rows)) if rows else {}
    return {each for each, slug in slugs.items() if not _under(rows[each], slug).in_force}


def readers_instead(case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Reader]:
    """`notices.readers.Provider`: of these requests, those made under a mandate that is no longer in force are read by
    their principal, written to at the address an agent gave since, else at that of their account."""
    with scope.of_task("mandates"):
        rows = {each.case_id: each for each in _concerned().filter(_MANDATED, case_id__in=case_ids)}
    if not rows:
        return {}
    made = Case.objects.select_related("procedure_version__procedure")
    made = made.filter(pk__in=rows, mandate__capacity=CAPACITY)
    over = [each for each in made if not _under(rows[each.pk], each.procedure_version.procedure.slug).in_force]
    corrected = History.objects.filter(case__in=over, verb=CORRECTED, detail__has_key=READER)
    given = set(corrected.values_list("case_id", flat=True))
    emails = addresses({rows[each.pk].person_id for each in over})
    return {
        each.pk: Reader(
            person, str(each.mandate["name"]), each.contact_email if each.pk in given else emails.get(person, "")
        )
        for each in over
        for person in [rows[each.pk].person_id]
    }


def refuse_draft(draft: Draft) -> None:
    """Raises `DraftUnknown`: what a mandate opened ends with it, drafts included."""
    found = of_request(draft.pk, draft.version.procedure.slug, draft.mandate)
    if found is not None and not found.in_force and draft.confirmed_at is None:
        raise DraftUnknown


def done_for(person: uuid.UUID) -> list[Done]:
    """What was asked in the name of this person, the last one first; under mandates that are over too. Four
    statements, one when there is none."""
    with scope.of_task("mandates"):
        rows = {each.case_id: each for each in _concerned().filter(person=person, tie__kind=KIND)}
        holders = attributes_of({each.tie.holder_id for each in rows.values() if each.tie is not None})
    if not rows:
        return []
    found = Case.objects.select_related("procedure_version__procedure", "authority").filter(pk__in=rows)
    return [
        Done(
            case,
            name_of(holders.get(row.tie.holder_id, {})),
            is_in_force(row.tie, case.procedure_version.procedure.slug),
            case.submitted_at,
        )
        for case in in_reach(found).order_by("-submitted_at")[:MOST]
        if (row := rows[case.pk]).tie is not None
    ]


def _concerned() -> QuerySet[Concerned]:
    return Concerned.objects.select_related("tie__authority")


def _under(row: Concerned, slug: str) -> Under:
    tie = row.tie
    if tie is None:
        return Under(row.person_id, None, False)
    return Under(row.person_id, tie.holder_id, is_in_force(tie, slug))


def _slugs(case_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of those that say a mandate: a child's are their parent's, whatever became of the tie."""
    said = {"mandate__capacity": CAPACITY, "pk__in": case_ids}
    drafts = Draft.objects.filter(**said).values_list("pk", "version__procedure__slug")
    cases = Case.objects.filter(**said).values_list("pk", "procedure_version__procedure__slug")
    return {**dict(drafts), **dict(cases)}
