"""Asking the hub what would become of an event: whatever it answers, a page is shown."""

import pytest

from etoile.contract.client import HubRefused, HubUnavailable
from etoile.contract.problem import Problem
from etoile.gru.outbox import rehearsal
from etoile.gru.outbox.rehearsal import Answer, Read, rehearse

SUBMITTED = "org.etoile.case.submitted.v1"
TOLD = {
    "subscription": "voirie-json",
    "name": "Services techniques",
    "active": True,
    "doubt": "",
    "fields_allowed": ["answers.lieu"],
    "reads": [{"path": "answers.lieu", "by": "mapping", "required": True}],
    "values": [{"pointer": "/Lieu", "source": "event.data.answers.lieu", "value": "ici", "failure": ""}],
}


class Hub:
    def __init__(self, answer):
        self.answer, self.asked, self.closed = answer, [], False

    def rehearse(self, events, *, budget):
        self.asked = events
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("answer", "understood"),
    [
        ([[TOLD]], Answer.GIVEN),
        (HubUnavailable("away"), Answer.UNAVAILABLE),
        (HubRefused(Problem("insufficient-scope", "No.", 403)), Answer.FORBIDDEN),
        (HubRefused(Problem("not-found", "An older hub.", 404)), Answer.FORBIDDEN),
        (HubRefused(Problem("invalid-data", "No.", 422, "The data does not follow.")), Answer.REFUSED),
        (HubRefused(Problem("busy", "Later.", 503)), Answer.UNAVAILABLE),
        ([[{"subscription": "x"}]], Answer.UNAVAILABLE),
    ],
)
def test_every_answer_of_the_hub_is_one_to_show(db, monkeypatch, answer, understood):
    hub = Hub(answer)
    monkeypatch.setattr(rehearsal, "connect", lambda: hub)
    found = rehearse(SUBMITTED, authority="21490999900017", data=[{"case": {}}])
    assert (found.answer, hub.closed, len(hub.asked)) == (understood, True, 1)
    if understood == Answer.GIVEN:
        assert found.events[0][0].reads == (Read("answers.lieu", "mapping", True),)
    else:
        assert found.events == ()
