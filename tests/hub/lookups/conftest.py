"""Two lookups of the small town, whose providers say what a test wants."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pydantic import BaseModel, ConfigDict

from etoile.hub.journal.models import Entry
from etoile.hub.lookups import asking
from etoile.hub.registry import calling, editing
from etoile.hub.registry.changes import By
from etoile.sdk import Check, Connector, Context, LookupOutcome
from tests.hub.conftest import STAR, TOWN, count, token

APPLICATIONS = f"""  - {{slug: caf, name: CAF, authorities: ["{TOWN}"]}}
  - {{slug: msa, name: MSA, authorities: ["{TOWN}"]}}
"""
LOOKUPS = """
lookups:
  - name: quotient-familial
    title: Quotient familial
    instead: l’attestation de quotient familial
    timeout: 0.6
    cache: {seconds: 3600, stale_seconds: 86400}
    purposes: {tarif-cantine: Calculer le tarif de la cantine, creche: Attribuer une place en crèche}
    readers: [{application: gru, purposes: [tarif-cantine]}]
    query: {type: object, required: [nom], properties: {nom: {type: string, minLength: 1}}, additionalProperties: false}
    answer: {type: object, required: [valeur], properties: {valeur: {type: integer}}, additionalProperties: false}
    providers:
      - slug: caf
        application: caf
        connector: lookup_csv
        configuration: {folder: /nowhere, file: caf.csv, search: {kind: exact, column: a, equals: query.nom}}
        secrets: {key: {secret: caf_key}}
        mapping: {valeur: "=int(data.QF)"}
        circuit: {failures: 2, pause: 30, longest: 120}
      - slug: msa
        application: msa
        connector: lookup_csv
        configuration: {folder: /nowhere, file: msa.csv, search: {kind: exact, column: a, equals: query.nom}}
        circuit: {failures: 2, pause: 30, longest: 120}
  - name: ecoles
    title: Écoles
    instead: le nom de l’école
    purposes: {inscription: Inscrire un enfant}
    readers: [{application: gru, purposes: [inscription]}]
    query: {type: object}
    answer: {type: object}
    providers:
      - slug: caf
        application: caf
        connector: lookup_csv
        configuration: {folder: /nowhere, file: ecoles.csv, search: {kind: exact, column: a, equals: query.nom}}
"""
STAR_WITH_LOOKUPS = STAR.replace("subscriptions:\n", APPLICATIONS + "subscriptions:\n") + LOOKUPS
NAME = "LETOURNEUR-DE-LA-TEST"

Say = Callable[[Mapping[str, Any], Context], Awaitable[LookupOutcome]]


class Providers(Connector):
    """Says for each provider what the test put in `words`; remembers what it was asked, and with which connection."""

    class Configuration(BaseModel):
        model_config = ConfigDict(extra="allow")

    def __init__(self) -> None:
        self.words: dict[str, LookupOutcome | Say | BaseException] = {}
        self.asked: list[str] = []
        self.contexts: list[Context] = []

    async def lookup(self, query: Mapping[str, Any], context: Context) -> LookupOutcome:
        self.asked.append(context.subscription)
        self.contexts.append(context)
        said = self.words.get(context.subscription, LookupOutcome.unavailable("Rien n’est prévu."))
        if isinstance(said, BaseException):
            raise said
        return said if isinstance(said, LookupOutcome) else await said(query, context)

    async def check(self, context: Context) -> list[Check]:
        return [Check("settings", True, f"{context.subscription} est réglé.")]


async def never(query: Mapping[str, Any], context: Context) -> LookupOutcome:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
def said(request, load_star, monkeypatch) -> Providers:
    """Real commits, and the true wait outside of any transaction, only for the tests that ask for `emptied`."""
    load_star(STAR_WITH_LOOKUPS)
    if "emptied" not in request.fixturenames:
        monkeypatch.setattr(calling, "wait", calling.WEB.run)
    providers = Providers()
    monkeypatch.setattr(asking, "installed", lambda: {"lookup_csv": providers})
    monkeypatch.setattr(calling, "discover", lambda: {"lookup_csv": providers})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lookups_kept")
        cursor.execute("DELETE FROM lookups_failing")
    return providers


@pytest.fixture
def ask(said: Providers, client: Client) -> Callable[..., Any]:
    """`ask(query)` as the GRU; gives the answer of the API, whole."""

    def asker(query: Any = None, name: str = "quotient-familial", bearer: str | None = None, **changes: Any) -> Any:
        body = {"query": {"nom": NAME} if query is None else query, "purpose": "tarif-cantine", "procedure": "cantine"}
        headers = {"Authorization": f"Bearer {bearer or token('gru', 'lookups')}"}
        return client.post(
            f"/v1/lookups/{name}", json.dumps({**body, **changes}), content_type="application/json", headers=headers
        )

    return asker


@pytest.fixture
def operating() -> Callable[[], dict[str, str]]:
    """The header of a credential that operates the hub."""

    def header() -> dict[str, str]:
        scopes = ["hub:read", "hub:operate", "hub:administer"]
        editing.make_credential("gru", "exploitation", scopes, by=By("test", "Essai"), operation=True)
        return {"Authorization": f"Bearer {token('exploitation', ' '.join(scopes))}"}

    return header


@pytest.fixture
def journal(db: None) -> Callable[[str], list[dict[str, Any]]]:
    """The entries of one kind written by this test, the latest first."""
    before = list(Entry.objects.values_list("pk", flat=True)) if count("journal_entry") else []

    def entries(kind: str) -> list[dict[str, Any]]:
        found = Entry.objects.filter(kind=kind).exclude(pk__in=before).order_by("-pk")
        return [{"actor": each.actor, "application": each.application, **each.detail} for each in found]

    return entries
