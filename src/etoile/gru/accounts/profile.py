"""What is known of the person of an account: read by them, written by them where nothing surer is known.

The questions are those of the forms (`forms/blocks/applicant*.yaml`): the same words, the same checks.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.accounts.sessions import account_of
from etoile.gru.filling.applicants import as_asked, as_told
from etoile.gru.forms.definition import NOTHING, Field, Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.queries import attributes
from etoile.gru.people.services import LowerLevel, record_attribute, withdraw_attribute

SOURCE = "account"
# What a person may say of themselves; the address of e-mail has its own page, since it opens the account.
SAID = ("civility", "given_names", "family_name", "phone", "address")
_WHOLE: dict[str, Any] = {
    "slug": "profil",
    "title": {"fr": "Vos informations"},
    "team": "aucune",
    "pages": [{"use": "applicant"}],
}


@dataclass(frozen=True, slots=True)
class Known:
    """`value`: as a form reads it. `sure`: somebody checked it, the person does not change it here."""

    value: Any
    level: Level
    source: str
    at: datetime
    expires_at: datetime | None

    @property
    def sure(self) -> bool:
        return self.level > Level.DECLARED and (self.expires_at is None or self.expires_at > timezone.now())


def known(account: PersonAccount) -> dict[str, Known]:
    """By attribute. One statement."""
    rows = attributes(account.person_id)
    values = as_asked({key: each.value for key, each in rows.items()})
    return {
        key: Known(values[key], Level(each.level), each.source, each.certified_at, each.expires_at)
        for key, each in rows.items()
    }


@lru_cache(maxsize=1)
def questions() -> Page:
    """One question for each of `SAID`, in this order; none needs an answer."""
    page = parse(expanded(_WHOLE)).pages[0]
    by_key = {each.applicant: each for each in page.fields}
    asked = tuple(replace(by_key[key], id=key, required=False, hint=_hint(by_key[key])) for key in SAID)
    return replace(page, sections=(replace(page.sections[0], fields=asked),))


@transaction.atomic
def say(account: PersonAccount, raw: Mapping[str, Any]) -> dict[str, str]:
    """Write what the person says of themselves (`raw` as `forms.reading.answers_of` gives it); what they leave empty is
    forgotten, what is surer stays. Returns what is wrong, by attribute: then nothing is written."""
    typed = {each.id: TYPES[each.type].normalise(raw.get(each.id), each) for each in questions().fields}
    checked = {each.id: typed[each.id] and TYPES[each.type].check(typed[each.id], each) for each in questions().fields}
    wrong = {key: message for key, message in checked.items() if message}
    if wrong:
        return wrong
    before = known(account)
    with scope.of_person(account.person_id):
        for key, value in typed.items():
            held = before.get(key)
            if (held is not None and (held.sure or held.value == value)) or (held is None and not value):
                continue
            _say(account, key, value)
    return {}


def told(request: HttpRequest) -> dict[str, Any] | None:
    """What forms may be filled in with, by attribute of who asks; None when nobody is signed in. One statement."""
    account = account_of(request)
    return {key: each.value for key, each in known(account).items()} if account is not None else None


def _hint(each: Field) -> Any:
    return NOTHING if each.applicant == "family_name" else each.hint


def _say(account: PersonAccount, key: str, value: Any) -> None:
    if not value:
        withdraw_attribute(account.person_id, key)
        return
    # Somebody checked it a moment ago: what they saw stays.
    with suppress(LowerLevel):
        record_attribute(account.person, key, as_told({key: value})[key], level=Level.DECLARED, source=SOURCE)
