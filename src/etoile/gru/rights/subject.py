"""Whose data: what is known of a person starts from the requests they showed to be theirs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case


@dataclass(frozen=True, slots=True)
class Subject:
    """The requests of one person in one authority: the one their tracking link opens, or those of their account."""

    authority: Authority
    cases: Sequence[Case]

    @property
    def case_ids(self) -> list[uuid.UUID]:
        return [each.pk for each in self.cases]

    @property
    def people(self) -> list[uuid.UUID]:
        return [each.person_id for each in self.cases]

    @property
    def emails(self) -> list[str]:
        return sorted({each.contact_email.lower() for each in self.cases if each.contact_email})

    @property
    def subjects(self) -> list[str]:
        return [each.subject for each in self.cases]


def of_case(case: Case) -> Subject:
    return Subject(case.authority, (case,))
