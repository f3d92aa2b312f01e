"""Every application that can tell is asked, once, apart; what goes wrong with one is said and stops no other."""

import asyncio
from datetime import UTC, datetime

import pytest
from django.db import connection
from pydantic import BaseModel

from etoile.hub.reconciliation import holdings, services
from etoile.hub.reconciliation.holdings import Answered, ask
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.sdk import Connector, DoorError, HeldItem, Holding, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
# A day on which no other test can have accepted anything.
SINCE = datetime(2019, 3, 5, tzinfo=UTC)
ITEMS = Holding([HeldItem("DI-1", "26-A")])


class Settings(BaseModel):
    needed: str = ""


class Telling(Connector):
    """Answers by subscription: a holding, None, or an exception."""

    Configuration = Settings

    def __init__(self, **answers) -> None:
        self.answers = answers
        self.asked = []

    async def deliver(self, event, context) -> Outcome:
        raise AssertionError

    async def held(self, since, context):
        self.asked.append((context.subscription, since))
        answer = self.answers.get(context.subscription.split("-")[0])
        if isinstance(answer, float):
            await asyncio.sleep(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Silent(Connector):
    Configuration = Settings

    async def deliver(self, event, context) -> Outcome:
        raise AssertionError


def snapshot():
    with connection.cursor() as cursor:
        return directory.current(cursor)


def asked(connector: Connector) -> dict[str, Answered]:
    view = snapshot()
    answers = ask(view, SINCE, connectors={"mailbox": connector})
    return {view.subscription(id).slug: answer for id, answer in answers.items()}


def test_each_active_subscription_is_asked_from_the_same_moment() -> None:
    Subscription.objects.filter(slug="famille-demandes").update(active=False)
    connector = Telling(voirie=ITEMS)
    assert asked(connector) == {"voirie-demandes": Answered(ITEMS)}
    assert sorted(connector.asked) == [("gru-statuts", SINCE), ("voirie-demandes", SINCE)]


def test_what_goes_wrong_with_one_stops_no_other(monkeypatch) -> None:
    monkeypatch.setattr(holdings, "PATIENCE", 0.05)
    wrong = Telling(voirie=DoorError("timeout", "elle ne répond pas"), famille=KeyError("secret"), gru=5.0)
    answers = asked(wrong)
    assert "elle ne répond pas" in answers["voirie-demandes"].problem
    assert answers["famille-demandes"].problem == "Le connecteur a échoué (KeyError)."
    assert "à temps" in answers["gru-statuts"].problem
    Subscription.objects.filter(slug="voirie-demandes").update(configuration={"needed": [1]})
    assert "configuration" in asked(Telling(famille=ITEMS))["voirie-demandes"].problem


def test_a_connector_that_cannot_tell_is_not_asked() -> None:
    assert asked(Silent()) == {}


def test_a_day_is_compared_with_what_each_application_holds(monkeypatch) -> None:
    connector = Telling(voirie=ITEMS, famille=ITEMS, gru=DoorError("timeout", "elle ne répond pas"))
    monkeypatch.setattr(holdings, "discover", lambda: {"mailbox": connector})
    report = services.compare(connection, SINCE.date())
    assert [(row.subscription, row.theirs) for row in services.rows(report)] == [
        ("famille-demandes", 1), ("gru-statuts", None), ("voirie-demandes", 1),
    ]  # fmt: skip
    assert {since for _, since in connector.asked} == {datetime(2019, 3, 4, 23, tzinfo=UTC)}
    assert report.differences == 0
