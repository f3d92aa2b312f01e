"""The only writer of persons and of what is known of them."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Level, Person

KEYS = ("civility", "family_name", "given_names", "email", "phone", "address", "organisation", "siret")

_KEEP_IF_SURER = """
    INSERT INTO people_attribute AS kept (person_id, key, value, level, source, certified_at, expires_at)
    VALUES (%s, %s, %s::jsonb, %s, %s, %s, %s)
    ON CONFLICT (person_id, key) DO UPDATE
    SET value = EXCLUDED.value, level = EXCLUDED.level, source = EXCLUDED.source,
        certified_at = EXCLUDED.certified_at, expires_at = EXCLUDED.expires_at
    WHERE kept.level <= EXCLUDED.level OR kept.expires_at < %s
"""


class LowerLevel(Exception):
    """A value known with more certainty is already there; the message says so in French."""

    def __init__(self, key: str, known: int, offered: int) -> None:
        super().__init__(
            f"« {key} » est déjà connu au niveau « {Level(known).label} » : une information de niveau "
            f"« {Level(offered).label} » ne la remplace pas."
        )
        self.key, self.known, self.offered = key, known, offered


def record_applicant(authority: Authority, applicant: Mapping[str, Any], *, source: str = "declared") -> Person:
    """A new person each time: without an account nothing proves that two applicants are the same one, least of all an
    e-mail.

    `applicant` as in `case.submitted` (kind, civility, family_name, given_names, email, phone, address, organisation,
    siret); other keys are ignored. Two statements.
    """
    kind = Kind(applicant.get("kind") or Kind.NATURAL)
    person, now = Person(authority=authority, kind=kind), timezone.now()
    with scope.of_person(person.pk):
        person.save(force_insert=True)
        Attribute.objects.bulk_create(
            Attribute(
                person=person, key=key, value=applicant[key], level=Level.DECLARED, source=source, certified_at=now
            )
            for key in KEYS
            if applicant.get(key) not in (None, "", {}, [])
        )
    return person


def record_attribute(
    person: Person,
    key: str,
    value: Any,
    *,
    level: Level,
    source: str,
    certified_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Write what is now known. Raises `LowerLevel` when what is kept, and not expired, was known with more certainty.

    One statement decides and writes, so that two writers at once cannot lower a level between reading and writing. In
    the scope in force, else in that of the person.
    """
    with scope.kept_or_of_person(person.pk):
        _keep_if_surer(person, key, value, level, source, certified_at, expires_at)


def _keep_if_surer(
    person: Person,
    key: str,
    value: Any,
    level: Level,
    source: str,
    certified_at: datetime | None,
    expires_at: datetime | None,
) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_IF_SURER,
            [person.pk, key, json.dumps(value), int(level), source, certified_at or now, expires_at, now],
        )
        written = cursor.rowcount == 1
    if not written:
        known = Attribute.objects.only("level").get(person=person, key=key).level
        raise LowerLevel(key, known, int(level))


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
