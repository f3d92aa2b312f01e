"""The ties of somebody, as whoever asks may see them: the other person is there only if they see that person too."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, Q

from etoile.gru.people.models import Attribute, Person
from etoile.gru.people.queries import attributes_of
from etoile.gru.ties.models import Tie


@dataclass(frozen=True, slots=True)
class Line:
    """`is_holder`: the person whose ties these are is the holder. `other`: None for somebody whom one does not see;
    `known`: of the other, by attribute."""

    tie: Tie
    is_holder: bool
    other: Person | None
    known: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """What the other is to the person."""
        return str(self.tie.what.of_subject if self.is_holder else self.tie.what.of_holder)


def of_person(person: uuid.UUID) -> list[Line]:
    """In the scope in force: those in force first, in the order they were made. Three statements."""
    return with_others(person, sorted(ties_of(person), key=lambda each: each.is_over))


def ties_of(person: uuid.UUID) -> models.QuerySet[Tie]:
    """In the scope in force, in the order they were made; two ends that became one by a merge are no tie any more."""
    found: models.QuerySet[Tie] = Tie.objects.filter(Q(holder=person) | Q(subject=person))
    return found.select_related("authority").exclude(holder=F("subject")).order_by("pk")


def with_others(person: uuid.UUID, ties: list[Tie]) -> list[Line]:
    """In the scope in force. Two statements, none when there is no tie."""
    if not ties:
        return []
    others = {each.other_end(person) for each in ties}
    seen = {each.pk: each for each in Person.objects.filter(pk__in=others)}
    known = attributes_of(seen)
    return [
        Line(tie, tie.holder_id == person, seen.get(other), known.get(other, {}))
        for tie in ties
        for other in [tie.other_end(person)]
    ]
