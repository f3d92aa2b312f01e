"""Looking for one person, known by two things at least; never a list of the population (RU-030, CNIL)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Func, JSONField, Value
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import persons as audit
from etoile.gru.people.models import Attribute, Person
from etoile.gru.people.queries import attributes_of

# What one may look by. The postal code is that of the address.
CRITERIA = ("family_name", "given_names", "birth_date", "email", "phone", "address", "organisation", "siret")
FEWEST = 2
MOST = 10
# What an agent looks for in a busy hour is far from it; who goes through the town's people comes to it.
PER_HOUR = 60
_SHORTEST = 2


class SearchRefused(Exception):
    """Nothing was looked for; the message says in French what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """`too_many`: more than `MOST` answer, and none is shown."""

    persons: tuple[Person, ...]
    attributes: Mapping[object, Mapping[str, Attribute]]
    too_many: bool


def search(account: Account, criteria: Mapping[str, str]) -> Found:
    """In the scope in force. Whole values, accents and capitals aside; the beginning is enough for given names.

    Written in the audit log, with what it looked by and never the words. Four statements, one less when none is found.
    Raises `SearchRefused`.
    """
    given = {key: criteria[key].strip() for key in CRITERIA if len(criteria.get(key, "").strip()) >= _SHORTEST}
    if len(given) < FEWEST:
        raise SearchRefused(
            _("Donnez au moins deux critères : on cherche une personne que l’on connaît, pas une liste.")
        )
    if audit.searches(account, within=timedelta(hours=1)) >= PER_HOUR:
        raise SearchRefused(
            _("Vous avez fait %(number)d recherches en une heure. Reprenez dans quelques minutes.")
            % {"number": PER_HOUR}
        )
    found = Person.objects.filter(authority=account.authority_id, merged_into=None)
    for key, text in given.items():
        found = found.filter(**_answers(key, text))
    # In no order: past the most that is shown, PostgreSQL stops looking, instead of reading all those who answer.
    persons = sorted(found[: MOST + 1], key=lambda each: each.pk)
    too_many = len(persons) > MOST
    detail = {"criteria": sorted(given), "found": f"{MOST}+" if too_many else len(persons)}
    audit.note(audit.SEARCHED, authority=account.authority_id or 0, by=account, detail=detail)
    if too_many:
        return Found((), {}, too_many=True)
    return Found(tuple(persons), attributes_of(each.pk for each in persons), too_many=False)


def _answers(key: str, text: str) -> dict[str, object]:
    normal = Func(Value(key), Value(text, output_field=JSONField()), function="people_normal")
    if key != "given_names":
        return {"attributes__key": key, "attributes__normal": normal}
    last = Func(normal, Value("\U0010ffff"), function="concat")
    return {"attributes__key": key, "attributes__normal__gte": normal, "attributes__normal__lt": last}
