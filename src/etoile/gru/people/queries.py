"""What is known of a person, for what holds one of their cases already."""

import uuid
from collections.abc import Iterable
from typing import Any

from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Person


def attributes(person_id: uuid.UUID) -> dict[str, Attribute]:
    """By key, for whoever reads them: in the scope in force, else in that of the person. One statement."""
    with scope.kept_or_of_person(person_id):
        return {each.key: each for each in Attribute.objects.filter(person_id=person_id)}


def attributes_of(persons: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Attribute]]:
    """By person, then by key, in the scope in force; those of whom nothing is known too. One statement, none for
    nobody."""
    known: dict[uuid.UUID, dict[str, Attribute]] = {each: {} for each in persons}
    if known:
        for each in Attribute.objects.filter(person__in=list(known)):
            known[each.person_id][each.key] = each
    return known


def values(person_id: uuid.UUID) -> dict[str, Any]:
    """By key, for what the server does with a case, whoever set it going: a letter has its address even when the person
    asked that agents no longer read it. One statement."""
    with scope.of_person(person_id):
        return dict(Attribute.objects.filter(person_id=person_id).values_list("key", "value"))


def kind(person_id: uuid.UUID) -> str:
    """Natural or legal, as `values`. One statement."""
    with scope.of_person(person_id):
        found = Person.objects.filter(pk=person_id).values_list("kind", flat=True).first()
        return found or str(Kind.NATURAL)


def standing(person_id: uuid.UUID) -> uuid.UUID:
    """The person in use: another one when this one was merged into it. One statement."""
    with scope.of_task("standing"):
        return Person.objects.filter(pk=person_id).values_list("merged_into", flat=True).first() or person_id


def merged_into(persons: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those who are now one with them, under other rows. One statement."""
    with scope.of_task("standing"):
        return list(Person.objects.filter(merged_into__in=set(persons)).values_list("pk", flat=True))
