"""`Retry-After`, whatever becomes of the circuit."""

from datetime import timedelta

import pytest

from etoile.hub.delivery import engine
from etoile.hub.delivery.models import Delivery
from etoile.sdk import Outcome
from tests.hub.delivery.test_circuits import DOWN, Cases

BUSY = Outcome.retry("occupée", 3600, detail="HTTP 429", http_status=429)


@pytest.fixture
def dozen(star, cursor):
    return Cases(cursor)


def test_what_was_asked_to_wait_is_not_called_sooner_because_the_circuit_closes(dozen):
    first, *others = dozen.claim(3)
    dozen.answer([first], BUSY)
    dozen.answer(others, DOWN)
    dozen.pause_over()
    dozen.answer(dozen.claim(), Outcome.acknowledged())
    assert dozen.circuit is None
    assert first.id not in {claim.id for claim in dozen.claim(100)}
    waiting = Delivery.objects.get(pk=first.id)
    assert waiting.due >= waiting.not_before > waiting.created_at + timedelta(minutes=59)


def test_what_was_asked_to_wait_is_no_probe(dozen):
    dozen.cursor.execute("DELETE FROM delivery_delivery WHERE id NOT IN (SELECT id FROM delivery_delivery LIMIT 3)")
    dozen.answer(dozen.claim(3), BUSY)
    dozen.pause_over()
    assert dozen.claim() == []


def test_a_person_who_sends_again_does_not_wait(dozen):
    (claim,) = dozen.claim(1)
    dozen.answer([claim], BUSY)
    engine.replay(dozen.cursor, [claim.id])
    assert claim.id in {each.id for each in dozen.claim(100)}
