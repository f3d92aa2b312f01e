"""Whom a request is about: written when it is begun for somebody one is tied to."""

import uuid

from etoile.gru.people import scope
from etoile.gru.ties.models import Concerned, Tie


def begun(person: uuid.UUID, draft_id: uuid.UUID, tie_id: uuid.UUID) -> None:
    """`person`, who is signed in, begins a request for the other end of one of their ties."""
    with scope.of_person(person):
        tie = Tie.objects.get(pk=tie_id)
        other = tie.other_end(person)
    with scope.of_person(person, other):
        Concerned.objects.create(case_id=draft_id, tie=tie, person_id=other)
