"""The only writer of persons and of what is known of them."""

import json
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Level, Person
from etoile.gru.people.queries import standing
from etoile.gru.people.words import label

KEYS = ("civility", "family_name", "given_names", "email", "phone", "address", "organisation", "siret")
# What is known of somebody when it is not they who say it: of a child, or of an organisation.
TOLD_KEYS = (*KEYS, "birth_date", "siren", "rna", "legal_form")

# A merge holds both persons: what is written meanwhile waits, then is compared to what the merge kept.
_KEEP_IF_SURER = """
    WITH standing AS (SELECT id FROM people_person WHERE id = %s AND merged_into_id IS NULL FOR KEY SHARE)
    INSERT INTO people_attribute AS kept (person_id, key, value, level, source, certified_at, expires_at)
    SELECT standing.id, %s, %s::jsonb, %s, %s, %s, %s::timestamptz FROM standing
    ON CONFLICT (person_id, key) DO UPDATE
    SET value = EXCLUDED.value, level = EXCLUDED.level, source = EXCLUDED.source,
        certified_at = EXCLUDED.certified_at, expires_at = EXCLUDED.expires_at
    WHERE kept.level <= EXCLUDED.level OR kept.expires_at < %s
"""
# Said again as it was: nothing happened.
_KEEP_IF_OTHER = """
    INSERT INTO people_attribute AS kept (person_id, key, value, level, source, certified_at)
    SELECT %(person)s, said.key, said.value::jsonb, %(level)s, %(source)s, %(now)s
    FROM unnest(%(keys)s::text[], %(values)s::text[]) AS said (key, value)
    ON CONFLICT (person_id, key) DO UPDATE
    SET value = EXCLUDED.value, level = EXCLUDED.level, source = EXCLUDED.source,
        certified_at = EXCLUDED.certified_at, expires_at = NULL
    WHERE kept.value IS DISTINCT FROM EXCLUDED.value
        AND (kept.level <= EXCLUDED.level OR kept.expires_at < EXCLUDED.certified_at)
"""


class LowerLevel(Exception):
    """A value known with more certainty is already there; the message says so in French."""

    def __init__(self, key: str, known: int, offered: int) -> None:
        super().__init__(
            _(
                "« %(what)s » est déjà connu au niveau « %(known)s » : une information de niveau « %(offered)s » ne la"
                " remplace pas."
            )
            % {"what": label(key), "known": Level(known).label, "offered": Level(offered).label}
        )
        self.key, self.known, self.offered = key, known, offered


def record_applicant(
    authority: Authority, applicant: Mapping[str, Any], *, source: str = "declared", keys: Sequence[str] = KEYS
) -> Person:
    """A new person each time: without an account nothing proves that two applicants are the same one, least of all an
    e-mail.

    `applicant` as in `case.submitted` (kind, civility, family_name, given_names, email, phone, address, organisation,
    siret); keys other than `keys` are ignored. Two statements.
    """
    kind = Kind(applicant.get("kind") or Kind.NATURAL)
    person, now = Person(authority=authority, kind=kind), timezone.now()
    with scope.of_person(person.pk):
        person.save(force_insert=True)
        Attribute.objects.bulk_create(
            Attribute(
                person=person, key=key, value=applicant[key], level=Level.DECLARED, source=source, certified_at=now
            )
            for key in keys
            if applicant.get(key) not in (None, "", {}, [])
        )
    return person


def record_again(
    authority: Authority, person_id: uuid.UUID, applicant: Mapping[str, Any], *, source: str = "declared"
) -> tuple[Person, dict[str, int]] | None:
    """The person that `person_id` is, who was proven to be the one asking, with what they say now: what is known more
    surely stays. Also gives the level of each attribute that they said as it was known. Three statements.

    None when it is somebody else that they write for (another name, an organisation), or when the person asked that
    nobody use what is known of them: then a new person is right.
    """
    with scope.of_task("standing", authority=authority.pk, author="person"):
        person = Person.objects.select_related("merged_into").get(pk=person_id)
        person = person.merged_into or person
    kind = Kind(applicant.get("kind") or Kind.NATURAL)
    if kind is not Kind(person.kind) or applicant.get("organisation") or person.restricted_at is not None:
        return None
    with scope.of_person(person.pk, author="person"):
        known = {each.key: each for each in Attribute.objects.filter(person=person)}
        if not _is_named(applicant, known):
            return None
        _say_again(
            person, {key: applicant[key] for key in KEYS if applicant.get(key) not in (None, "", {}, [])}, source
        )
    same = {key: each.level for key, each in known.items() if each.value == applicant.get(key) and not _is_past(each)}
    return person, same


def _say_again(person: Person, said: Mapping[str, Any], source: str) -> None:
    keys, values = list(said), [json.dumps(each) for each in said.values()]
    given = {"person": person.pk, "level": int(Level.DECLARED), "source": source, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_IF_OTHER, {**given, "keys": keys, "values": values})


def _is_named(applicant: Mapping[str, Any], known: Mapping[str, Attribute]) -> bool:
    """Whether this may be the same human being: one with another name is not, as a parent who writes their child's."""
    families = [_letters(each) for each in _both(applicant, known, "family_name")]
    firsts = [_letters(str(each).split(" ")[0]) for each in _both(applicant, known, "given_names")]
    return len(set(families)) < 2 and len(set(firsts)) < 2


def _both(applicant: Mapping[str, Any], known: Mapping[str, Attribute], key: str) -> list[Any]:
    return [each for each in (applicant.get(key), known[key].value if key in known else None) if each]


def _letters(name: Any) -> str:
    plain = unicodedata.normalize("NFKD", str(name).casefold())
    return "".join(each for each in plain if each.isalpha())


def _is_past(each: Attribute) -> bool:
    return each.expires_at is not None and each.expires_at <= timezone.now()


def record_attribute(
    person: Person,
    key: str,
    value: Any,
    *,
    level: Level,
    source: str,
    certified_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> uuid.UUID:
    """Write what is now known, and return of whom: the person in use, had this one been merged meanwhile. Raises
    `LowerLevel` when what is kept, and not expired, was known with more certainty.

    One statement decides and writes, so that two writers at once cannot lower a level between reading and writing. In
    the scope in force, else in that of the person.
    """
    now = timezone.now()
    said = [key, json.dumps(value), int(level), source, certified_at or now, expires_at, now]
    with scope.kept_or_of_person(person.pk):
        if _keep_if_surer(person.pk, said):
            return person.pk
    in_use = standing(person.pk)
    with scope.of_person(in_use) if in_use != person.pk else scope.kept_or_of_person(in_use):
        if in_use != person.pk and _keep_if_surer(in_use, said):
            return in_use
        known = Attribute.objects.only("level").get(person=in_use, key=key).level
        raise LowerLevel(key, known, int(level))


def _keep_if_surer(person: uuid.UUID, said: Sequence[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_IF_SURER, [person, *said])
        return bool(cursor.rowcount == 1)


def restrict(person: uuid.UUID, *, since: datetime | None) -> None:
    """The person asked that nobody use what is known of them (GDPR, art. 18); None when that is over."""
    with scope.of_person(person):
        Person.objects.filter(pk=person).update(restricted_at=since)


def withdraw_attribute(person: uuid.UUID, key: str) -> bool:
    """Forget what the person said of themselves, at their demand; what somebody checked stays. False when nothing was
    so known."""
    with scope.of_person(person):
        return bool(Attribute.objects.filter(person_id=person, key=key, level=Level.DECLARED).delete()[0])


def forget_unused(person: uuid.UUID) -> bool:
    """The person, and all that is known of them, unless something still needs them, such as another row that is the
    same human being. In the caller's transaction."""
    with scope.of_task("closing", author="person"):
        if Person.objects.filter(merged_into=person).exists():
            return False
        try:
            with transaction.atomic():
                Person.objects.filter(pk=person).delete()
        except ProtectedError:
            return False
    return True


def put_back(person: Person, key: str, row: Mapping[str, Any] | None) -> None:
    """Write a value with all that was known of it (`value`, `level`, `source`, `certified_at`, `expires_at`), whatever
    is there: a merge, and its undoing, decide between two rows by their own rule. None takes the value away."""
    if row is None:
        Attribute.objects.filter(person=person, key=key).delete()
    else:
        Attribute.objects.update_or_create(person=person, key=key, defaults=dict(row))
