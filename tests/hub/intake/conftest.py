import pytest
from django.test import Client

from etoile.hub.registry import editing
from etoile.hub.registry.changes import By
from tests.hub.conftest import token

EVERYTHING = ["hub:read", "hub:operate", "hub:administer"]


@pytest.fixture
def operating(town):
    """The header of a credential that operates the hub, with these scopes; all of them unless told."""

    def header(*scopes: str) -> dict[str, str]:
        editing.make_credential("gru", "exploitation", EVERYTHING, by=By("test", "Essai"), operation=True)
        return {"Authorization": f"Bearer {token('exploitation', ' '.join(scopes or EVERYTHING))}"}

    return header


@pytest.fixture
def ask(client: Client, operating):
    """`ask("get", path)`, `ask("put", path, {...})` as a credential that may do everything."""
    bearer = operating()

    def asker(method: str, path: str, body=None, **headers: str):
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/v1/hub/{path}", headers=bearer | headers, **given)

    return asker
