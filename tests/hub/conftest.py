"""A small town for the tests of the hub: two authorities, an application that speaks, two that listen."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from etoile.contract import schemas
from etoile.contract.envelope import Event, make
from etoile.contract.identifiers import uuid7
from etoile.hub.registry.hashers import MachineSecretHasher
from etoile.hub.registry.models import Credential
from etoile.hub.registry.services import Loaded, load
from tests.hub.nats_server import NatsServer

TOWN, OTHER_TOWN = "21490999900017", "21490888800016"
SUBMITTED = "org.etoile.case.submitted.v1"
STATUS = "org.etoile.case.status_changed.v1"
DELIVERING = (
    *("delivery_delivery", "delivery_attempt", "delivery_quarantined", "delivery_circuit", "delivery_rate"),
    *("delivery_external_reference", "delivery_poll"),
)
STAR = f"""
star: 1
authorities:
  - {{siret: "{TOWN}", name: Valmont-sur-Loire}}
  - {{siret: "{OTHER_TOWN}", name: Bourg-Neuf}}
applications:
  - slug: gru
    name: La GRU
    authorities: ["{TOWN}"]
    document_base_url: https://gru.test/documents/
    document_secret: {{secret: gru_document_secret}}
    emits: [org.etoile.case.submitted.v1, org.etoile.case.document_added.v1]
    receives: [org.etoile.case.status_changed.v1, org.etoile.handoff.changed.v1]
    credentials: [{{client_id: gru, secret: {{secret: gru_hub_client_secret}}, scopes: [events:write, events:read]}}]
  - slug: voirie
    name: Services techniques
    authorities: ["{TOWN}", "{OTHER_TOWN}"]
    emits: [org.etoile.case.status_changed.v1, org.etoile.person.updated.v1]
    receives: [org.etoile.case.submitted.v1]
    credentials: [{{client_id: voirie, secret: {{secret: voirie_hub_client_secret}}, scopes: [mailbox, events:write]}}]
  - slug: famille
    name: Services famille
    authorities: ["{OTHER_TOWN}"]
    receives: [org.etoile.case.submitted.v1]
subscriptions:
  - {{slug: voirie-demandes, application: voirie, type: org.etoile.case.submitted.v1, connector: mailbox}}
  - {{slug: famille-demandes, application: famille, type: org.etoile.case.submitted.v1, connector: mailbox}}
  - {{slug: gru-statuts, application: gru, type: org.etoile.case.status_changed.v1, connector: mailbox}}
"""

# What a hash costs is for who steals it; here operators and applications are made by the hundred.
PBKDF2PasswordHasher.iterations = MachineSecretHasher.iterations = 1


@pytest.fixture(scope="session")
def nats_server() -> Iterator[NatsServer]:
    server = NatsServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def load_star(db: None, tmp_path: Path) -> Callable[[str], Loaded]:
    def loader(text: str) -> Loaded:
        file = tmp_path / "star.yaml"
        file.write_text(text, encoding="utf-8")
        return load(file, actor="test")

    return loader


@pytest.fixture
def town(load_star: Callable[[str], Loaded]) -> Loaded:
    return load_star(STAR)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def stored() -> tuple[int, ...]:
    """What an acceptance writes; a refusal must leave it as it was."""
    return tuple(
        count(name) for name in ("journal_message_key", "journal_message", "journal_entry", "delivery_delivery")
    )


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """For tests with real commits: Django does not know these tables. The journal's entries stay, by its law."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE journal_message, journal_message_key, {', '.join(DELIVERING)}")


def token(client_id: str, scopes: str = "events:write", *, lasts: timedelta = timedelta(hours=1)) -> str:
    raw = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        application=Credential.objects.get(client_id=client_id),
        token=raw,
        token_checksum=hashlib.sha256(raw.encode()).hexdigest(),
        expires=timezone.now() + lasts,
        scope=scopes,
    )
    return raw


def submission(**changes: Any) -> Event:
    """A case.submitted of the GRU of the small town, with a subject of its own unless told."""
    sample = schemas.example(SUBMITTED)
    data = changes.pop("data", {**sample.data, "documents": []})
    values = {"type": SUBMITTED, "source": "gru", "subject": f"case/{uuid7()}", "authority": TOWN, "data": data}
    return make(**(values | changes))


@pytest.fixture
def publish(client: Client) -> Callable[..., Any]:
    def post(
        event: Event | bytes, bearer: str | None = None, content_type: str = "application/cloudevents+json"
    ) -> Any:
        body = event if isinstance(event, bytes) else event.to_json()
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return client.post("/v1/events", body, content_type=content_type, headers=headers)

    return post
