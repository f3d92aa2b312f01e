"""What a person signed in sees of the two records that may be theirs, once they proved both, and what they answer."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.accounts.profile import questions
from etoile.gru.cases.filing import display_name
from etoile.gru.cases.models import Case
from etoile.gru.forms.fields import TYPES
from etoile.gru.matching import asking
from etoile.gru.matching.examining import known_of
from etoile.gru.matching.models import Asking
from etoile.gru.people import scope
from etoile.gru.people.words import label, lines

# What somebody recognises themselves by.
SHOWN = ("birth_date", "email", "phone", "address")
MOST = 20


@dataclass(frozen=True, slots=True)
class Record:
    """`facts`: what and its value, on one line each; `requests`: reference and procedure."""

    name: str
    facts: list[tuple[str, str]]
    requests: list[tuple[str, str]]


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
            [(label(key), ", ".join(_read(key, known[who][key].value))) for key in SHOWN if key in known.get(who, {})],
            cases[who],
        )
        for who in (own, other)
    ]
    return Both(records[0], records[1], PersonAccount.objects.filter(person=other).exists())


def _read(key: str, value: Any) -> list[str]:
    if key == "birth_date":
        with suppress(ValueError):
            return [spelled(date.fromisoformat(str(value)))]
    if key == "phone":
        asked = next(each for each in questions().fields if each.id == key)
        return [TYPES[asked.type].summary(value, asked)]
    return lines(key, value)


def answer(account: PersonAccount, identifier: uuid.UUID, key: str, *, yes: bool) -> Asking:
    """Raises `MatchingError`."""
    return asking.answer(account.authority, identifier, key, account.person_id, account.pk, yes=yes)


def _requests(persons: list[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    found: dict[uuid.UUID, list[tuple[str, str]]] = {each: [] for each in persons}
    rows = Case.objects.filter(person__in=persons).select_related("procedure_version").order_by("-submitted_at")
    for each in rows.defer("answers", "procedure_version__source")[: MOST * 2]:
        found[each.person_id].append((each.reference, str(each.procedure_version.name)))
    return found
