"""The person behind a request, as contracts look at them: what an application is given is not the reading of the
agent who acts on the request."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from etoile.gru.contracts.grants import Known, known_of
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Person


@dataclass(frozen=True, slots=True)
class Subject:
    """`attributes` is empty for somebody who asked that nobody use what is known of them (GDPR, art. 18)."""

    kind: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Known]:
        return known_of(self.attributes.values(), timezone.now())


def subject(person_id: uuid.UUID) -> Subject:
    """Two statements."""
    with scope.of_person(person_id):
        person = Person.objects.filter(pk=person_id).first()
        if person is None or person.restricted_at is not None:
            return Subject(person.kind if person is not None else str(Kind.NATURAL))
        return Subject(person.kind, {each.key: each for each in Attribute.objects.filter(person_id=person_id)})
