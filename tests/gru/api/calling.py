"""A program that speaks to the API."""

import json
from typing import Any

from django.test import Client
from tests.gru.conftest import Town
from tests.gru.contracts.making import contract

from etoile.gru.access.models import ApiClient

ALL = "cases:act cases:read cases:write documents:read people:read people:write procedures:read"
ANSWERS = {"nom": "Martin", "courriel": "camille@example.org", "motif": "Mariage"}


class Caller:
    """A program with its credentials, speaking HTTP."""

    def __init__(self, town: Town, scopes: str = ALL, *, known: bool = True) -> None:
        """`known`: under a service contract that reads and writes what is asked of people, in the whole town."""
        self.http = Client(enforce_csrf_checks=True)
        self.client = ApiClient.objects.create(
            name="Borne",
            client_type="confidential",
            authorization_grant_type="client-credentials",
            client_secret="secret",
            authority=town.authority,
            allowed_scopes=scopes,
        )
        self.token = ""
        if known:
            sectors = list(town.authority.sectors.values_list("slug", flat=True))
            contract(town, self.client, sectors=sectors, write={"email": 200}, answers={"acte": ["allergie", "sante"]})

    def sign_in(self, scope: str | None = None, secret: str = "secret") -> Any:
        given = {"grant_type": "client_credentials", "client_id": self.client.client_id, "client_secret": secret}
        answer = self.http.post("/api/oauth/token", {**given, **({"scope": scope} if scope else {})})
        self.token = answer.json().get("access_token", "")
        return answer

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"/api/v1/{path}", query, headers={"authorization": f"Bearer {self.token}"})

    def act(self, method: str, path: str, body: Any, *, match: str | None = None, key: str | None = None) -> Any:
        headers = {"authorization": f"Bearer {self.token}"}
        headers |= {"if-match": match} if match is not None else {}
        headers |= {"idempotency-key": key} if key is not None else {}
        send = getattr(self.http, method)
        return send(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def create(self, body: Any, key: str | None = "k1") -> Any:
        headers = {"authorization": f"Bearer {self.token}", **({"idempotency-key": key} if key is not None else {})}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.http.post("/api/v1/cases", raw, content_type="application/json", headers=headers)


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == status
    assert body["type"].startswith("urn:etoile:problem:")
    return body
