"""What an account holds, as its home page shows it."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from etoile.gru.accounts.models import How, OwnRequest, PersonAccount
from etoile.gru.cases.apart import in_reach
from etoile.gru.cases.models import Case
from etoile.gru.cases.views_of_person import Word, plain_word
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import drafts
from etoile.gru.forms.texts import Text

# What rooms above know that an account may no longer see: of those it keeps (a query of their keys), for its person.
Cut = Callable[[QuerySet[Any, Any], uuid.UUID], set[uuid.UUID]]
_cuts: list[Cut] = []
# Of each, on the home page: nobody asks a town for more in a year.
MOST = 100


@dataclass(frozen=True, slots=True)
class Followed:
    """A request that was sent, in one line."""

    id: uuid.UUID
    reference: str
    procedure: Text
    word: Word
    submitted_at: datetime
    is_open: bool
    for_whom: str = ""


def register(cut: Cut) -> None:
    _cuts.append(cut)


def gone(account: PersonAccount) -> set[uuid.UUID]:
    """What the account kept and may no longer see: requests and drafts. One statement, more when there is any."""
    mine = OwnRequest.objects.filter(account=account).values("case_id")
    return {each for cut in _cuts for each in cut(mine, account.person_id)}


def kept(account: PersonAccount) -> list[uuid.UUID]:
    """The requests and drafts that it may see. Two statements."""
    hidden = gone(account)
    mine = OwnRequest.objects.filter(account=account).values_list("case_id", flat=True)
    return [each for each in mine if each not in hidden]


def requests_of(account: PersonAccount, *, without: Collection[uuid.UUID] | None = None) -> list[Followed]:
    """Those sent, the last one first; those set apart are no more to be seen. One statement besides those of `gone`,
    unless it is given."""
    hidden = gone(account) if without is None else without
    mine = OwnRequest.objects.filter(account=account).exclude(case_id__in=hidden).values("case_id")
    found = Case.objects.select_related("procedure_version__procedure", "authority").filter(pk__in=mine)
    cases = in_reach(found.filter(authority=account.authority)).order_by("-submitted_at", "-pk")[:MOST]
    return [
        Followed(
            each.pk,
            each.reference,
            each.procedure_version.name,
            plain_word(each),
            each.submitted_at,
            each.is_open,
            str(each.mandate.get("name", "")),
        )
        for each in cases
    ]


def drafts_of(
    account: PersonAccount, *, how: How | None = None, without: Collection[uuid.UUID] | None = None
) -> list[Draft]:
    """Those begun and not sent, the last one first. Statements as `requests_of`."""
    hidden = gone(account) if without is None else without
    own = OwnRequest.objects.filter(account=account).exclude(case_id__in=hidden)
    mine = (own.filter(how=how) if how else own).values("case_id")
    found = drafts().filter(pk__in=mine, confirmed_at=None, expires_at__gt=timezone.now())
    return list(found.filter(version__procedure__authority=account.authority).order_by("-updated_at")[:MOST])


def lacks(account: PersonAccount | None, case_id: uuid.UUID) -> bool:
    """Whether somebody is signed in who could keep this request, and does not yet. No statement for nobody."""
    return account is not None and not OwnRequest.objects.filter(account=account, case_id=case_id).exists()


def addresses(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """By person, the address their account has proved; without those who have none. One statement, none for nobody."""
    if not persons:
        return {}
    found = PersonAccount.objects.filter(person__in=persons, joined_to=None).exclude(email="")
    return dict(found.values_list("person", "email"))


def case_of(account: PersonAccount, case_id: uuid.UUID) -> Case | None:
    """The case, when it is among those of the account. Two statements."""
    if case_id in gone(account):
        return None
    mine = OwnRequest.objects.filter(account=account, case_id=case_id).values("case_id")
    return in_reach(Case.objects.filter(pk__in=mine, authority=account.authority)).first()


def draft_of(account: PersonAccount, draft_id: uuid.UUID) -> Draft | None:
    """The draft, when it is among those of the account and not sent. One statement."""
    return next((each for each in drafts_of(account) if each.pk == draft_id), None)
