"""The agreements of a person: each box ticked, in the words and the version they were asked in, and when."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from etoile.gru.cases.models import Case
from etoile.gru.forms.definition import Field
from etoile.gru.forms.sensitive import open_one
from etoile.gru.rights.models import Withdrawal
from etoile.gru.rights.subject import Subject

BOXES = frozenset({"consent", "declaration"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """`version` is the number of the version of the procedure that asked. One that the request could not be sent
    without is its condition: it goes with the request."""

    case: Case
    field: str
    wording: str
    version: int
    given_at: datetime
    may_be_taken_back: bool
    withdrawn_at: datetime | None = None


def agreements(subject: Subject) -> list[Agreement]:
    """One statement, whatever the number of requests."""
    withdrawn = {
        (each.case_id, each.field): each.withdrawn_at
        for each in Withdrawal.objects.filter(case_id__in=subject.case_ids)
    }
    return [each for case in subject.cases for each in _of(case, withdrawn)]


def _of(case: Case, withdrawn: Mapping[tuple[uuid.UUID, str], datetime]) -> Iterator[Agreement]:
    version = case.procedure_version
    for asked in _boxes(case):
        taken_back = withdrawn.get((case.pk, asked.id))
        if taken_back or open_one(case.answers.get(asked.id), asked.id, holder=case.pk) is True:
            yield Agreement(
                case=case,
                field=asked.id,
                wording=str(asked.label),
                version=version.number,
                given_at=case.submitted_at,
                may_be_taken_back=not asked.required,
                withdrawn_at=taken_back,
            )


def _boxes(case: Case) -> list[Field]:
    definition = case.procedure_version.definition
    return [each for each in (*definition.fields, *definition.declarations) if each.type in BOXES]
