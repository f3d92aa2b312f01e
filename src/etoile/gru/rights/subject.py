"""Whose data: what is known of a person starts from the requests, and the account, that they showed to be theirs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from etoile.gru.access.models import Authority
from etoile.gru.accounts.models import OwnRequest, PersonAccount
from etoile.gru.cases.apart import in_reach
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import NEEDED
from etoile.gru.people.queries import merged_into


@dataclass(frozen=True, slots=True)
class Subject:
    """One person in one authority: the request their tracking link opens, or their account with its requests.

    `merged`: other records of the same person, which are one with theirs now.
    """

    authority: Authority
    cases: Sequence[Case]
    account: PersonAccount | None = None
    # What was begun from the account, sent or not.
    begun: Sequence[uuid.UUID] = ()
    merged: Sequence[uuid.UUID] = ()

    @property
    def holders(self) -> list[uuid.UUID]:
        """Of files and drafts: a draft has the identifier of its request."""
        return [*self.case_ids, *self.begun]

    @property
    def case_ids(self) -> list[uuid.UUID]:
        return [each.pk for each in self.cases]

    @property
    def people(self) -> list[uuid.UUID]:
        own = [self.account.person_id] if self.account is not None else []
        return [*(each.person_id for each in self.cases), *own, *self.merged]

    @property
    def emails(self) -> list[str]:
        own = [self.account.email] if self.account is not None else []
        return sorted({each.lower() for each in [*(case.contact_email for case in self.cases), *own] if each})

    @property
    def accounts(self) -> list[uuid.UUID]:
        return [self.account.pk] if self.account is not None else []

    @property
    def subjects(self) -> list[str]:
        return [each.subject for each in self.cases]


def of_case(case: Case) -> Subject:
    """One statement."""
    return Subject(case.authority, (case,), merged=merged_into([case.person_id]))


def of_account(account: PersonAccount) -> Subject:
    """Five statements."""
    mine = tuple(OwnRequest.objects.filter(account=account).values_list("case_id", flat=True))
    found = in_reach(Case.objects.select_related(*NEEDED).filter(pk__in=mine, authority=account.authority))
    cases = tuple(found.order_by("-submitted_at"))
    begun = set(mine) - {each.pk for each in cases} - _sent(mine)
    merged = merged_into([account.person_id, *(each.person_id for each in cases)])
    return Subject(account.authority, cases, account, tuple(begun), merged)


def _sent(mine: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those that are requests already, out of reach of their person (archived): their files are the archives'."""
    return set(Case.objects.filter(pk__in=mine).values_list("pk", flat=True))
