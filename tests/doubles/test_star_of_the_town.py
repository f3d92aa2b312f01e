"""The demonstration's star fits its procedures and its applications: what it declares really passes."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from etoile.doubles.services_famille.application import PASSWORD as FAMILY_PASSWORD
from etoile.doubles.services_famille.application import PROFILE as FAMILY
from etoile.doubles.services_famille.application import build as build_famille
from etoile.doubles.services_famille.soap import CONTRACT
from etoile.doubles.services_techniques.application import PROFILE, build
from etoile.doubles.simulation.process import Settings
from etoile.doubles.urbanisme.application import PASSWORD as PLANNING_PASSWORD
from etoile.doubles.urbanisme.application import PROFILE as PLANNING
from etoile.doubles.urbanisme.application import build as build_urbanisme
from etoile.expressions import cel
from etoile.hub.registry.star_files import included
from etoile.sdk import Door, HeldItem, OutcomeKind
from etoile.sdk.connector import discover
from etoile.sdk.testing import EventFactory, make_context, outbox_of, serve

ROOT = Path(__file__).parents[2]
TOWN = ROOT / "src/etoile/demo/town"
STAR = included(yaml.safe_load((TOWN / "star.yaml").read_text()), TOWN, [])
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
    "inscription-periscolaire": {
        **{"enfant_nom": "Martin", "enfant_prenoms": "Léo", "enfant_date_naissance": "2019-03-15"},
        **{"ecole": "les-tilleuls", "classe": "CE1", "date_debut": "2027-01-04"},
        **{"jours_restauration": ["lundi", "jeudi"], "mercredi": "journee"},
        **{"allergie": True, "allergie_type": ["alimentaire"], "allergie_precision": "Arachide", "pai": False},
    },
    "certificat-urbanisme": {
        **{"qualite": "acquereur", "terrain_adresse": "3 chemin des Vignes", "parcelles": "AB 123"},
        "superficie": 850,
    },
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
        ("inscription-evenement", {"vie-locale-reunions", "evenements-avertissement"}),
        ("certificat-urbanisme", {"urbanisme-certificats"}),
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


@pytest.mark.parametrize(
    ("profile", "kind", "table"),
    [
        (PROFILE, "intervention", SUBSCRIPTIONS["techniques-interventions"]["mapping"]["return"]["statuses"]),
        (PROFILE, "reservation", SUBSCRIPTIONS["techniques-reservations"]["mapping"]["return"]["statuses"]),
        (FAMILY, "inscription", SUBSCRIPTIONS["famille-inscriptions"]["mapping"]["return"]["statuses"]),
        (PLANNING, "certificat", SUBSCRIPTIONS["urbanisme-certificats"]["mapping"]["return"]["statuses"]),
    ],
)
def test_every_state_of_a_simulated_application_has_a_common_word(profile, kind, table):
    steps = profile.kinds[kind].steps + profile.kinds[kind].side_steps
    assert {code: status for code, status in table.items() if code != "*"} == {step.code: step.status for step in steps}


def test_the_contract_that_the_town_froze_is_the_one_that_the_family_services_speak():
    for path in CONTRACT.iterdir():
        assert (TOWN / "contracts" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
async def photo() -> AsyncIterator[dict[str, Any]]:
    store = Starlette(routes=[Route("/documents/1", lambda request: Response(PHOTO))])
    with serve(store) as address:
        described = {"id": "0198aaaa-0000-7000-8000-000000000001", "field": "photo", "name": "trou.jpg"}
        described |= {"media_type": "image/jpeg", "size": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest()}
        yield {**described, "url": f"{address}/documents/1"}


def prepared(slug: str, event: Any, url: str, door: Door, secrets: dict[str, str], **place: Any) -> tuple[Any, Any]:
    """The connector of a subscription, and its context with the simulated application's real address."""
    one = SUBSCRIPTIONS[slug]
    connector = discover()[one["connector"]]
    text = yaml.safe_dump(one["configuration"])
    moved = yaml.safe_load(re.sub(r"http://127\.0\.0\.1:\d+", url, text))
    if place:
        moved["place"] |= place
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


async def test_a_case_reaches_the_family_services_in_soap_and_its_progress_comes_back(settings: Settings, photo):
    simulation = build_famille(settings)
    event = submitted("inscription-periscolaire", documents=[photo])
    with serve(simulation.faults) as url:
        async with Door([url.partition("://")[2], photo["url"].split("/")[2]]) as door:
            secrets = {"password": settings.secret(FAMILY_PASSWORD)}
            connector, context = prepared("famille-inscriptions", event, url, door, secrets)
            simulation.faults.set("html", count=1)
            firewall = await connector.deliver(event, context)
            simulation.faults.set("write_then_fail", count=1)
            outcomes = [await connector.deliver(event, context) for _ in range(3)]
            assert firewall.kind is OutcomeKind.RETRY
            assert "page web" in firewall.message
            assert outcomes[-1].kind is OutcomeKind.ACKNOWLEDGED
            items = simulation.store.find()
            assert {item.number for item in items} == {outcomes[-1].external_id}
            asked = items[0].payload
            assert asked["enfant"]["ecole"] == "ECO03"
            assert [one["accueil"] for one in asked["inscrit"]] == ["REST", "ALSH-JOUR"]
            assert asked["sante"]["consigne"] == "Arachide"
            last = FAMILY.kinds["inscription"].steps[-1]
            simulation.store.move(items[0].number, last)
            polled = await connector.poll(None, context)
            [(number, returned)] = polled.returned
            assert (number, returned.status, returned.message) == (items[0].number, last.status, last.message)
            assert all(check.ok for check in await connector.check(context))


async def test_a_case_reaches_town_planning_by_files_and_its_receipt_and_states_come_back(settings: Settings, photo):
    simulation = build_urbanisme(settings)
    event = submitted("certificat-urbanisme", documents=[photo])
    async with simulation.beside() as server, Door([server.address, photo["url"].split("/")[2]]) as door:
        place = {"port": server.port, "host_keys": [server.fingerprint]}
        secrets = {"password": settings.secret(PLANNING_PASSWORD)}
        connector, context = prepared("urbanisme-certificats", event, "", door, secrets, **place)
        assert all(check.ok for check in await connector.check(context))
        outcome = await connector.deliver(event, context)
        assert outcome.kind is OutcomeKind.ACCEPTED
        simulation.work()
        again = await connector.deliver(event, context)
        assert again.external_id == outcome.external_id
        [item] = simulation.store.find()
        assert item.payload["Terrain"]["Superficie"] == "850"
        [document] = simulation.store.rows("SELECT sha256 FROM document")
        assert document["sha256"] == photo["sha256"]
        receipt = await connector.poll(None, context)
        states = await connector.poll(receipt.cursor, context)
        [(number, received)] = receipt.returned
        [(same, returned)] = states.returned
        assert number == same == outcome.external_id
        assert (received.status, returned.status, returned.external_id) == ("received", "received", item.number)
        simulation.faults.set("other_host_key")
        await asyncio.sleep(0.3)
        stopped = await connector.deliver(submitted("certificat-urbanisme"), context)
        assert stopped.kind is OutcomeKind.FIX_CONFIGURATION
        assert "clé" in stopped.message


async def test_the_team_is_warned_in_plain_words_without_a_name():
    event = submitted("inscription-evenement")
    async with Door() as door:
        connector, context = prepared("evenements-avertissement", event, "http://127.0.0.1:1", door, {})
        outcome = await connector.deliver(event, context)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    [message] = outbox_of(context)
    assert "Places demandées : 2" in message.get_content()
    assert event.data["applicant"]["family_name"] not in message.get_content()


async def test_the_streets_of_the_town_are_found_as_the_lookup_promises():
    [declared] = STAR["lookups"]
    [provider] = declared["providers"]
    connector = discover()[provider["connector"]]
    tables = TOWN / "tables"
    settings = connector.configured(provider["configuration"] | {"folder": str(tables)})
    async with Door([], folders=[str(tables)]) as door:
        context = make_context(settings, http=door, provider=True)
        found = await connector.lookup({"texte": "lavoirs"}, context)
    assert jsonschema_rs.is_valid(declared["answer"], found.data)
    assert [each["nom"] for each in found.data["items"]] == ["Rue des Lavoirs"]
