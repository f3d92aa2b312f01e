"""What a person signed in sees of the two records that may be theirs, once they proved both, and what they answer."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.cases.apart import in_reach
from etoile.gru.cases.filing import display_name
from etoile.gru.cases.models import Case
from etoile.gru.matching import asking
from etoile.gru.matching.examining import known_of
from etoile.gru.matching.models import Asking
from etoile.gru.people import scope

MOST = 20


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody recognises themselves by, and no more: a mailbox may be that of a household. `requests`: on a line
    each, the procedure left out when it is discreet."""

    name: str
    email: str
    requests: list[str]


@dataclass(frozen=True, slots=True)
class Both:
    """That of the account, and the other; `loses`: the other has an account, which will open no more."""

    own: Record
    other: Record
    loses: bool


def opened(account: PersonAccount, identifier: uuid.UUID, key: str) -> Both | None:
    """Both records, to who is signed in to one and holds the link of the other; else nothing, whatever is missing.
    Four statements, one when it is nothing."""
    found = asking.opened(account.authority, identifier, key, account.person_id)
    if found is None:
        return None
    own, other = account.person_id, asking.other_of(found, account.person_id)
    with scope.of_task("asking", authority=account.authority_id, author="person"):
        known = known_of([own, other])
        cases = _requests([own, other])
    records = [
        Record(
            display_name({key: each.value for key, each in known.get(who, {}).items()}) or _("Sans nom"),
            str(known[who]["email"].value) if "email" in known.get(who, {}) else "",
            cases[who],
        )
        for who in (own, other)
    ]
    return Both(records[0], records[1], PersonAccount.objects.filter(person=other).exists())


def answer(account: PersonAccount, identifier: uuid.UUID, key: str, *, yes: bool) -> Asking:
    """Raises `MatchingError`."""
    return asking.answer(account.authority, identifier, key, account.person_id, account.pk, yes=yes)


def _requests(persons: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {each: [] for each in persons}
    rows = in_reach(Case.objects.filter(person__in=persons)).select_related("procedure_version")
    for each in rows.defer("answers").order_by("-submitted_at")[: MOST * 2]:
        procedure = each.procedure_version
        named = "" if procedure.definition.discreet else f"{procedure.name}, "
        found[each.person_id].append(f"{named}{each.reference}")
    return found
