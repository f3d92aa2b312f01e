"""What is known of a person, for whoever holds one of their cases already."""

import uuid
from typing import Any

from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Person


def attributes(person_id: uuid.UUID) -> dict[str, Attribute]:
    """By key, in the scope in force, else in that of the person. One statement."""
    with scope.kept_or_of_person(person_id):
        return {each.key: each for each in Attribute.objects.filter(person_id=person_id)}


def values(person_id: uuid.UUID) -> dict[str, Any]:
    """As `attributes`, the values alone."""
    with scope.kept_or_of_person(person_id):
        return dict(Attribute.objects.filter(person_id=person_id).values_list("key", "value"))


def applicant(person_id: uuid.UUID) -> dict[str, Any]:
    """Who asks, as the contract writes it: the kind of person, and the values by key. Two statements."""
    return {"kind": kind(person_id), **values(person_id)}


def kind(person_id: uuid.UUID) -> str:
    """Natural or legal. One statement."""
    with scope.kept_or_of_person(person_id):
        found = Person.objects.filter(pk=person_id).values_list("kind", flat=True).first()
        return found or str(Kind.NATURAL)
