"""The thesis: put another application in the GRU's place, and every connector delivers, unchanged."""

import hashlib
from datetime import UTC, datetime

import pytest

from etoile.contract.envelope import make
from etoile.contract.identifiers import uuid7
from etoile.demo.answers import pdf
from etoile.demo.browser import until
from etoile.demo.journey import DOUBLE_OF, DOWN
from tests.journeys.conftest import staged
from tests.journeys.standin import StandIn

SIRET = "21490999900017"
DOCUMENT = pdf("Document de l’application de remplacement")
ANSWERS = {
    "signalement-voirie": {
        "categorie": "chaussee",
        "danger": False,
        "description": "Trou devant le numéro 3, depuis lundi.",
        "lieu": {"text": "3 rue du Port"},
    },
    "reservation-salle": {
        "salle": "salle-des-fetes",
        "creneau": {"date": "2027-03-06", "start": "18:00", "end": "22:00"},
        "participants": 30,
        "usage": "reunion",
        "buvette": False,
    },
    "inscription-periscolaire": {
        **{"enfant_nom": "Dubois", "enfant_prenoms": "Lina", "enfant_date_naissance": "2019-03-15"},
        **{"ecole": "les-tilleuls", "classe": "CE1", "date_debut": "2027-01-04"},
    },
    "certificat-urbanisme": {"terrain_adresse": "3 chemin des Vignes", "parcelles": "AB 123"},
    "inscription-evenement": {"evenement": "reunion-plu", "nombre_places": 2, "besoin_accessibilite": False},
}
TREATED_BY = {
    "signalement-voirie": "services-techniques",
    "reservation-salle": "services-techniques",
    "inscription-periscolaire": "services-famille",
    "inscription-evenement": "vie-locale",
    "certificat-urbanisme": "urbanisme",
}


@pytest.fixture
def hub_alone(tmp_path):
    """The hub, its worker and the simulated applications. No GRU anywhere."""
    yield from staged(tmp_path, auto_seconds=1.0, products=["hub"])


def submission(slug: str, number: int, gru: str):
    case, document = str(uuid7()), str(uuid7())
    reference = f"26-AAA{number}-{number}"
    data = {
        "case": {
            "id": case,
            "reference": reference,
            "submitted_at": datetime.now(tz=UTC).isoformat(),
            "channel": "web",
        },
        "procedure": {"slug": slug, "version": 1, "title": {"fr": slug}},
        "applicant": {
            "person": f"person-{number}",
            "kind": "natural",
            "family_name": "Dubois",
            "given_names": "Anaïs",
            "email": "anais.dubois@example.org",
        },
        "answers": ANSWERS[slug],
        "documents": [
            {
                "id": document,
                "field": "piece",
                "name": "piece.pdf",
                "media_type": "application/pdf",
                "size": len(DOCUMENT),
                "sha256": hashlib.sha256(DOCUMENT).hexdigest(),
                "url": f"{gru}/documents/{document}",
            }
        ],
    }
    return make(
        "org.etoile.case.submitted.v1", source="gru", subject=f"case/{case}", authority=SIRET, data=data, sequence=1
    )


def test_another_application_in_place_of_the_gru_reaches_every_business_application(hub_alone):
    stage = hub_alone
    events = {slug: submission(slug, number, stage.gru) for number, slug in enumerate(ANSWERS, 2)}
    files = {
        document["url"].removeprefix(stage.gru): DOCUMENT
        for event in events.values()
        for document in event.data["documents"]
    }
    standin = StandIn(stage.ports.gru, stage.hub, stage.secret, files)
    try:
        for event in events.values():
            assert standin.hub.publish(event).duplicate is False
        stage.programs.start(f"double-{DOWN}")
        stage.programs.wait_ready(f"double-{DOWN}")
        for slug, event in events.items():
            reference = event.data["case"]["reference"]
            name = DOUBLE_OF[TREATED_BY[slug]]
            item = until(
                lambda name=name, reference=reference: next(
                    (each for each in stage.received(name) if each["reference"] == reference), None
                ),
                seconds=180,
                what=f"{slug} chez {name}",
            )
            until(
                lambda event=event, item=item: acknowledged(standin, event, item["number"]),
                seconds=180,
                what=f"le numéro de {slug} chez l’application de remplacement",
            )
            until(
                lambda event=event: statuses(standin, event),
                seconds=180,
                what=f"un état de {slug} chez l’application de remplacement",
            )
    finally:
        standin.close()


def acknowledged(standin, event, number):
    """Taken by the application, and its number told: at once, or with a status by who answers by files."""
    told = [each.data for each in standin.received if each.subject == event.subject]
    taken = any(each.get("state") == "acknowledged" for each in told)
    return taken and any(each.get("external_id") == number for each in told)


def statuses(standin, event):
    return [
        each
        for each in standin.received
        if each.type == "org.etoile.case.status_changed.v1" and each.subject == event.subject
    ]
