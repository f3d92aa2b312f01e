"""The demonstration's star fits its procedures and its applications: what it declares really passes."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from etoile.doubles.services_famille.application import build as build_famille
from etoile.doubles.services_techniques.application import PROFILE, build
from etoile.doubles.simulation.process import Settings
from etoile.expressions import cel
from etoile.sdk import Door, HeldItem, OutcomeKind
from etoile.sdk.connector import discover
from etoile.sdk.testing import EventFactory, make_context, outbox_of, serve

ROOT = Path(__file__).parents[2]
STAR = yaml.safe_load((ROOT / "src/etoile/demo/town/star.yaml").read_text())
SUBSCRIPTIONS = {one["slug"]: one for one in STAR["subscriptions"]}
EVENTS = EventFactory()
PHOTO = b"\xff\xd8\xff a photo"
ANSWERS: dict[str, dict[str, Any]] = {
    "signalement-voirie": {
        "categorie": "chaussee",
        "danger": False,
        "description": "Trou au milieu de la voie",
        "lieu": {"text": "devant le 12 rue des Tilleuls", "latitude": 47.35, "longitude": -0.65},
    },
    "reservation-salle": {
        "salle": "salle-des-fetes",
        "creneau": {"date": "2027-06-12", "start": "14:00", "end": "18:30"},
        "participants": 40,
        "usage": "reunion",
        "buvette": False,
    },
    "inscription-evenement": {"evenement": "reunion-plu", "nombre_places": 2, "besoin_accessibilite": False},
    "inscription-periscolaire": {"enfant_prenoms": "Léo", "ecole": "les-tilleuls", "allergie": True},
    "acte-etat-civil": {},
}


def submitted(slug: str, **data: Any) -> Any:
    procedure = {"slug": slug, "version": 1, "title": {"fr": slug}}
    return EVENTS.make(data={"procedure": procedure, "answers": ANSWERS[slug], "documents": [], **data})


def procedure_fields(slug: str) -> set[str]:
    text = (ROOT / "procedures" / f"{slug}.yaml").read_text()
    return set(re.findall(r"^\s*- id: (\w+)$", text, re.MULTILINE))


def receivers(event: Any) -> set[str]:
    context = {"event": event.to_dict()}
    return {
        slug
        for slug, one in SUBSCRIPTIONS.items()
        if one["type"] == event.type and (not one.get("filter") or cel.compile(one["filter"]).holds(context))
    }


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        ("signalement-voirie", {"techniques-interventions"}),
        ("reservation-salle", {"techniques-reservations"}),
        ("inscription-periscolaire", {"famille-inscriptions"}),
        ("inscription-evenement", {"urbanisme-reunions", "evenements-avertissement"}),
        ("acte-etat-civil", set()),
    ],
)
def test_each_procedure_goes_where_it_should(procedure, expected):
    assert receivers(submitted(procedure)) == expected


def test_another_event_than_the_public_meeting_is_for_the_team_alone():
    answers = {**ANSWERS["inscription-evenement"], "evenement": "visite-patrimoine"}
    assert receivers(submitted("inscription-evenement", answers=answers)) == {"evenements-avertissement"}


def test_every_answer_named_in_the_star_is_a_field_of_the_procedure():
    for slug, one in SUBSCRIPTIONS.items():
        found = re.search(r"procedure\.slug == '([a-z-]+)'", one.get("filter", ""))
        if found is None:
            continue
        named = set(re.findall(r"answers\.(\w+)", yaml.safe_dump(one, width=10_000)))
        assert named <= procedure_fields(found[1]), slug


def test_every_state_of_the_technical_services_has_a_common_word():
    for slug, kind in (("techniques-interventions", "intervention"), ("techniques-reservations", "reservation")):
        table = SUBSCRIPTIONS[slug]["configuration"]["poll"]["statuses"]
        steps = PROFILE.kinds[kind].steps + PROFILE.kinds[kind].side_steps
        assert table == {step.code: step.status for step in steps}


@pytest.fixture
async def photo() -> AsyncIterator[dict[str, Any]]:
    store = Starlette(routes=[Route("/documents/1", lambda request: Response(PHOTO))])
    with serve(store) as address:
        described = {"id": "0198aaaa-0000-7000-8000-000000000001", "field": "photo", "name": "trou.jpg"}
        described |= {"media_type": "image/jpeg", "size": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest()}
        yield {**described, "url": f"{address}/documents/1"}


def prepared(slug: str, event: Any, url: str, door: Door, secrets: dict[str, str]) -> tuple[Any, Any]:
    """The connector of a subscription, and its context with the simulated application's real address."""
    one = SUBSCRIPTIONS[slug]
    connector = discover()[one["connector"]]
    text = yaml.safe_dump(one["configuration"])
    moved = yaml.safe_load(re.sub(r"http://127\.0\.0\.1:\d+", url, text))
    configuration = connector.Configuration.model_validate(moved)
    context = make_context(configuration, secrets=secrets, http=door, event=event, mapping=one.get("mapping"))
    return connector, context


@pytest.mark.parametrize(
    ("slug", "procedure", "prefix"),
    [
        ("techniques-interventions", "signalement-voirie", "DI-"),
        ("techniques-reservations", "reservation-salle", "RES-"),
    ],
)
async def test_a_case_reaches_the_technical_services_and_its_progress_comes_back(
    slug, procedure, prefix, settings: Settings, photo
):
    simulation = build(settings)
    event = submitted(procedure, documents=[photo])
    secrets = {"api_key": settings.secret("services_techniques_api_key")}
    with serve(simulation.faults) as url:
        async with Door([url.partition("://")[2], photo["url"].split("/")[2]]) as door:
            connector, context = prepared(slug, event, url, door, secrets)
            simulation.faults.set("write_then_fail", count=1)
            outcomes = [await connector.deliver(event, context) for _ in range(3)]
            assert [one.kind for one in outcomes] == [OutcomeKind.RETRY] + [OutcomeKind.ACKNOWLEDGED] * 2
            [item] = simulation.store.find()
            assert item.number == outcomes[-1].external_id
            assert item.number.startswith(prefix)
            assert item.reference == event.data["case"]["reference"]
            names = [row["name"] for row in simulation.store.rows("SELECT name FROM document")]
            assert names == ["trou.jpg"]
            simulation.store.move(item.number, PROFILE.kinds[item.kind].steps[-1])
            polled = await connector.poll(None, context)
            [(number, returned)] = polled.returned
            assert (number, returned.status) == (item.number, PROFILE.kinds[item.kind].steps[-1].status)
            assert returned.message == PROFILE.kinds[item.kind].steps[-1].message
            assert all(check.ok for check in await connector.check(context))
            held = await connector.held(event.time - timedelta(hours=1), context)
            assert (held.items, held.complete) == ([HeldItem(item.number, item.reference)], True)
            assert (await connector.held(event.time + timedelta(hours=1), context)).items == []


async def test_a_case_reaches_the_family_services(settings: Settings):
    simulation = build_famille(settings)
    event = submitted("inscription-periscolaire")
    secrets = {"signing_secret": settings.secret("services_famille_signing_secret")}
    with serve(simulation.faults) as url:
        async with Door([url.partition("://")[2]]) as door:
            connector, context = prepared("famille-inscriptions", event, url, door, secrets)
            outcome = await connector.deliver(event, context)
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, simulation.store.find()[0].number)


async def test_the_team_is_warned_in_plain_words_without_a_name():
    event = submitted("inscription-evenement")
    async with Door() as door:
        connector, context = prepared("evenements-avertissement", event, "http://127.0.0.1:1", door, {})
        outcome = await connector.deliver(event, context)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    [message] = outbox_of(context)
    assert "Places demandées : 2" in message.get_content()
    assert event.data["applicant"]["family_name"] not in message.get_content()
