"""The connector facing its double, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.soap import CONNECTOR
from etoile.connectors.soap.configuration import Configuration
from etoile.connectors.soap.double import CONTRACT, PASSWORD, USERNAME, FamilyServices
from etoile.sdk import Context, Door
from etoile.sdk.testing import EventFactory, make_context, serve

FILES = {path.name: path.read_text(encoding="utf-8") for path in CONTRACT.iterdir()}
MAPPING = {
    "reference": "=event.data.case.reference",
    "demarche": "=event.data.procedure.title.fr",
    "deposeeLe": "2026-11-24",
    "responsable": {"nom": "DURAND", "prenom": "Zoé"},
}


@pytest.fixture
def family() -> FamilyServices:
    return FamilyServices()


@pytest.fixture
def url(family: FamilyServices) -> Iterator[str]:
    with serve(family.application) as address:
        yield address


@pytest.fixture
def settings(url: str) -> dict[str, Any]:
    body = "response.body"
    return {
        "url": f"{url}/services",
        "contract": {"wsdl": "famille.wsdl", "files": FILES},
        "timeout": 5,
        "authentication": {"kind": "username_token", "username": USERNAME},
        "operation": "enregistrerInscription",
        "success": {
            "when": f"{body}.codeRetour == 'OK'",
            "external_id": f"{body}.inscription.numero",
            "refusal": f"{body}.message",
            "item": f"{body}.inscription",
        },
        "errors": [
            {"fault_code": "FAM-12", "outcome": "business_no", "message": "L’enfant est trop jeune."},
            {"fault_text": "*verrou*", "outcome": "retry", "message": "Le dossier est ouvert ailleurs.", "after": 7},
            {
                "when": "has(response.body.codeRetour) && response.body.codeRetour == 'KO'",
                "outcome": "business_no",
                "message": "=response.body.message",
            },
        ],
        "lookup": {
            "operation": "rechercherInscription",
            "request": {"reference": "=event.data.case.reference"},
            "found": f"{body}.trouve",
            "external_id": f"{body}.inscription.numero",
            "item": f"{body}.inscription",
        },
        "poll": {
            "operation": "listerChangements",
            "request": {"depuis": "=since"},
            "items": f"{body}.inscription",
            "position": "item.etat.date",
            "external_id": "item.numero",
            "code": "item.etat.code",
            "label": "item.etat.libelle",
            "statuses": {"A_TRAITER": "received", "VALIDEE": "accepted"},
        },
        "check": {"operation": "version"},
    }


@pytest.fixture
async def door(url: str) -> AsyncIterator[Door]:
    async with Door([url.partition("://")[2]]) as opened:
        yield opened


class Bench:
    """Makes contexts around one door; `context(...)` takes the settings of `make_context`."""

    def __init__(self, door: Door, settings: dict[str, Any]) -> None:
        self.door, self.settings, self.connector = door, settings, CONNECTOR

    def context(self, event: Any = None, *, secrets: dict[str, str] | None = None, **changes: Any) -> Context:
        known = {name: changes.pop(name) for name in ("attempt", "seconds", "mapping", "http") if name in changes}
        return make_context(
            Configuration.model_validate({**self.settings, **changes}),
            secrets={"password": PASSWORD} if secrets is None else secrets,
            event=event,
            **{"http": self.door, "mapping": MAPPING, **known},
        )

    async def deliver(self, event: Any, **changes: Any) -> Any:
        return await self.connector.deliver(event, self.context(event, **changes))


@pytest.fixture
def bench(door: Door, settings: dict[str, Any]) -> Bench:
    return Bench(door, settings)


@pytest.fixture
def event() -> Any:
    return EventFactory().make(data={"documents": []})
