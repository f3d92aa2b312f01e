"""Whose data: what is known of a person starts from the requests, and the account, that they showed to be theirs."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from etoile.gru.access.models import Authority
from etoile.gru.accounts import queries as accounts
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.cases.apart import in_reach
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import NEEDED
from etoile.gru.matching import before
from etoile.gru.people.queries import merged_into


@dataclass(frozen=True, slots=True)
class Subject:
    """One person in one authority: the request their tracking link opens, or their account with its requests.

    `people`: the records that are theirs. `linked`: those of them that a tracking link alone shows, with when each
    first received another one in a merge, if it did: nobody checked that what came since is of whoever has the link.
    """

    authority: Authority
    cases: Sequence[Case]
    account: PersonAccount | None = None
    # What was begun from the account, sent or not.
    begun: Sequence[uuid.UUID] = ()
    people: Sequence[uuid.UUID] = ()
    linked: Mapping[uuid.UUID, datetime | None] = field(default_factory=dict)

    @property
    def merged_since(self) -> dict[uuid.UUID, datetime]:
        """The records shown as they were until then."""
        return {person: at for person, at in self.linked.items() if at is not None}

    @property
    def is_part(self) -> bool:
        """A record of theirs was merged, and a link does not show the other."""
        return bool(self.merged_since) or any(each.person_id not in self.people for each in self.cases)

    @property
    def holders(self) -> list[uuid.UUID]:
        """Of files and drafts: a draft has the identifier of its request."""
        return [*self.case_ids, *self.begun]

    @property
    def case_ids(self) -> list[uuid.UUID]:
        return [each.pk for each in self.cases]

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
    """What the tracking link of this request opens. Two statements."""
    linked = _linked([case])
    return Subject(case.authority, (case,), people=list(linked), linked=linked)


def whole_of_case(case: Case) -> Subject:
    """The person of this request, with all that was merged, for the data protection officer. One statement."""
    return Subject(case.authority, (case,), people=[case.person_id, *merged_into([case.person_id])])


def of_account(account: PersonAccount) -> Subject:
    """Five statements, two more when it keeps requests of others by their links."""
    mine = tuple(accounts.kept(account))
    found = in_reach(Case.objects.select_related(*NEEDED).filter(pk__in=mine, authority=account.authority))
    cases = tuple(found.order_by("-submitted_at"))
    begun = set(mine) - {each.pk for each in cases} - _sent(mine)
    own = [account.person_id, *merged_into([account.person_id])]
    linked = _linked([each for each in cases if each.person_id not in own])
    people = [*own, *(each for each in linked if each not in own)]
    return Subject(account.authority, cases, account, tuple(begun), people, linked)


def _linked(cases: Sequence[Case]) -> dict[uuid.UUID, datetime | None]:
    if not cases:
        return {}
    records: Iterable[uuid.UUID] = dict.fromkeys(before.records_of(cases).values())
    since = before.merged_since(records)
    return {each: since.get(each) for each in records}


def _sent(mine: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those that are requests already, out of reach of their person (archived): their files are the archives'."""
    return set(Case.objects.filter(pk__in=mine).values_list("pk", flat=True))
