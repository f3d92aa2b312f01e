import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken

from etoile.hub.registry.models import Application, Credential
from etoile.runtime.secrets import read_or_create
from tests.hub.conftest import submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def ask(client, *, secret: str | None = None, **fields: str):
    secret = secret or read_or_create("gru_hub_client_secret")
    basic = base64.b64encode(f"gru:{secret}".encode()).decode()
    fields = {"grant_type": "client_credentials"} | fields
    return client.post("/oauth/token", fields, headers={"Authorization": f"Basic {basic}"})


def test_client_credentials_give_a_token_that_publishes(client, publish) -> None:
    answer = ask(client)
    assert answer.status_code == 200
    assert set(answer.json()["scope"].split()) == {"events:write", "events:read"}
    assert publish(submission(), answer.json()["access_token"]).status_code == 202


def test_the_token_is_not_kept_in_clear(client) -> None:
    raw = ask(client).json()["access_token"]
    assert raw not in str(AccessToken.objects.values_list().get())


def test_a_scope_the_credential_was_not_given_is_refused(client) -> None:
    answer = ask(client, scope="registry:write")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_wrong_secret_is_refused(client) -> None:
    assert ask(client, secret="not the secret of the application").status_code == 401


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token"])
def test_no_other_grant_is_offered(client, grant: str) -> None:
    answer = ask(client, grant_type=grant, username="x", password="x", code="x", refresh_token="x")
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("unsupported_grant_type", "unauthorized_client")


def test_an_expired_credential_gets_no_token(client) -> None:
    Credential.objects.filter(client_id="gru").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(client).status_code == 401


def test_a_switched_off_application_gets_no_token(client) -> None:
    Application.objects.filter(slug="gru").update(is_active=False)
    assert ask(client).status_code == 401
