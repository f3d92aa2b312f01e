"""A town at work, as its operators see it: every health, messages in every state, a registry that was changed."""

import json
import tempfile
from pathlib import Path

from django.conf import settings
from django.test import Client

from etoile.hub.delivery.models import Delivery, Quarantined
from etoile.hub.reconciliation.models import Report
from etoile.hub.registry import editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Operator, Subscription
from etoile.hub.registry.services import load
from etoile.hub.registry.star import ApplicationPart, SubscriptionPart
from tests.browser.harness.site import Scenery
from tests.hub.conftest import STATUS, SUBMITTED, TOWN
from tests.hub.console import scenery as console

BACKEND = "django.contrib.auth.backends.ModelBackend"
BY = By("exploitante@example.org", "Branchement du nouvel éditeur")
FOLDER = "/nowhere"
LOOKUP = {
    "name": "quotient-familial",
    "title": "Quotient familial",
    "instead": "l’attestation de quotient familial",
    "purposes": {"tarif-cantine": "Calculer le tarif de la cantine"},
    "readers": [{"application": "gru", "purposes": ["tarif-cantine"]}],
    "query": {
        "type": "object",
        "required": ["nom"],
        "properties": {"nom": {"type": "string", "minLength": 1, "title": "Nom"}},
        "additionalProperties": False,
    },
    "answer": {"type": "object", "required": ["valeur"], "properties": {"valeur": {"type": "integer"}}},
    "providers": [
        {
            "slug": "caf",
            "application": "famille",
            "connector": "lookup_csv",
            "configuration": {
                "folder": FOLDER,
                "file": "caf.csv",
                "search": {"kind": "exact", "column": "a", "equals": "query.nom"},
            },
            "mapping": {"valeur": "=int(data.QF)"},
        }
    ],
}
CONFIGURATION = {
    "base_url": "https://urbanisme.example",
    "authentication": {"kind": "api_key"},
    "request": {"path": "/dossiers"},
    "success": {"external_id": "response.id"},
    "errors": [{"when": "response.status == 409", "outcome": "manual", "message": "Déjà là"}],
}


def build() -> Scenery:
    with tempfile.TemporaryDirectory() as folder:
        star = Path(folder) / "star.yaml"
        star.write_text(json.dumps({**json.loads(console.STAR), "lookups": [LOOKUP]}), encoding="utf-8")
        load(star, actor="exploitante@example.org")
    person = Operator.objects.create(email="exploitante@example.org", name="Léa Martin", role="administrator")
    few = {slug: [(state, min(number, 2), age) for state, number, age in of] for slug, of in console.BUSY.items()}
    console.furnish(few)
    console.watched()
    console.sealed()
    plug()
    Subscription.objects.filter(slug="finances-demandes").update(active=False)
    stuck = Delivery.objects.filter(state="dead").first()
    client = Client()
    client.force_login(person, backend=BACKEND)
    places = {
        "delivery": stuck.pk,
        "message": stuck.message_id,
        "report": Report.objects.first().pk,
        "operator": person.pk,
        "quarantined": Quarantined.objects.first().pk,
    }
    cookies = {"operator": {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}}
    return Scenery({name: str(value) for name, value in places.items()}, cookies)


def plug() -> None:
    """An application plugged in from the screen, changed once since."""
    part = {
        "slug": "guichet",
        "name": "Guichet des permis",
        "vendor": "Éditeur fictif",
        "domain": "urbanisme",
        "authorities": [TOWN],
        "receives": [SUBMITTED],
        "emits": [STATUS],
    }
    editing.keep_application(ApplicationPart(**part), by=BY)
    editing.keep_application(ApplicationPart(**part | {"vendor": "Éditeur neuf"}), by=BY)
    editing.make_credential("guichet", "guichet", ["mailbox", "events:write"], by=BY)
    values = {
        "slug": "guichet-demandes",
        "application": "guichet",
        "type": SUBMITTED,
        "connector": "http_json",
        "configuration": CONFIGURATION,
        "mapping": {"reference": "=event.data.case.reference", "demandeur": "=event.data.applicant.family_name"},
        "filter": "event.data.procedure.slug != 'acte-naissance'",
        "fields": ["case.reference", "applicant.family_name"],
    }
    editing.keep_subscription(SubscriptionPart(**values), by=BY, sealed={"api_key": "tres-secret"})
