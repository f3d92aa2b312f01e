"""The simulated FranceConnect and ProConnect accept a true sign-in and refuse what the platforms refuse."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from etoile.doubles.identity.platforms import FRANCECONNECT, PROCONNECT
from etoile.doubles.identity.provider import Client, Grant, Provider
from etoile.sdk.testing import serve

BACK, END = "https://town.example/retour/", "https://town.example/fin/"
CLIENT = Client("town", "a-secret-long-enough-for-a-signature", (BACK,), (END,))
PERSON = {"franceconnect": "angela", "proconnect": "agent"}


class Browser:
    """A person's browser and a service, facing one platform on a real socket."""

    def __init__(self, provider: Provider, address: str) -> None:
        self.provider, self.platform = provider, provider.platform
        self.base = f"{address}/api/v2"
        self.http = urllib3.PoolManager(retries=False, timeout=30)
        scopes = {"franceconnect": "openid identite_pivot email", "proconnect": "openid email siret"}
        self.asked = {"client_id": "town", "response_type": "code", "redirect_uri": BACK, "state": "s" * 32}
        self.asked |= {"nonce": "n" * 32, "scope": scopes[self.platform.slug], "acr_values": "eidas1"}

    def authorize(self, **changed: str | None) -> Any:
        asked = {name: value for name, value in {**self.asked, **changed}.items() if value is not None}
        return self.http.request("GET", f"{self.base}/authorize?{urlencode(asked)}", redirect=False)

    def choose(self, person: str) -> dict[str, str]:
        """What comes back to the service."""
        found = re.search(r'name="interaction" value="([^"]+)"', self.authorize().data.decode())
        assert found is not None
        fields = urlencode({"interaction": found[1], "person": person})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        sent = self.http.request("POST", f"{self.base}/interaction", body=fields, headers=form, redirect=False)
        assert sent.status == 303
        return {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}

    def token(self, code: str, **changed: str) -> Any:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": "town"}
        body = urlencode(fields | {"client_secret": CLIENT.secret} | changed)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http.request("POST", f"{self.base}/token", body=body, headers=form)

    def userinfo(self, token: str) -> Any:
        return self.http.request("GET", f"{self.base}/userinfo", headers={"Authorization": f"Bearer {token}"})

    def end(self, **asked: str) -> Any:
        return self.http.request("GET", f"{self.base}/session/end?{urlencode(asked)}", redirect=False)

    def read(self, token: str) -> dict[str, Any]:
        keys = JWKSet.from_json(self.http.request("GET", f"{self.base}/jwks").data.decode())
        jws = JWS()
        jws.deserialize(token)
        jws.verify(keys.get_key(jws.jose_header["kid"]), alg="ES256")
        told: dict[str, Any] = json.loads(jws.payload)
        return told


@pytest.fixture(scope="module", params=[FRANCECONNECT, PROCONNECT], ids=lambda platform: platform.slug)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    provider = Provider(request.param, CLIENT)
    with serve(provider.faults) as address:
        opened = Browser(provider, address)
        yield opened
        opened.http.clear()


@pytest.fixture(autouse=True)
def real_time(browser: Browser) -> Iterator[None]:
    yield
    browser.provider.clock.set(None)


def test_a_sign_in_gives_a_signed_identity_with_the_claims_of_its_scopes(browser: Browser):
    discovered = browser.http.request("GET", f"{browser.base}/.well-known/openid-configuration").json()
    assert discovered["issuer"] == browser.base
    back = browser.choose(PERSON[browser.platform.slug])
    assert back["state"] == "s" * 32
    told = browser.token(back["code"]).json()
    identity = browser.read(told["id_token"])
    assert (identity["iss"], identity["aud"], identity["nonce"], identity["acr"]) == (
        browser.base,
        "town",
        "n" * 32,
        "eidas1",
    )
    answer = browser.userinfo(told["access_token"])
    assert answer.headers["content-type"] == "application/jwt"
    claims = browser.read(answer.data.decode())
    assert claims["sub"] == identity["sub"]
    shown = {"franceconnect": {"birthplace", "gender", "email"}, "proconnect": {"email", "siret"}}
    hidden = {"franceconnect": {"preferred_username"}, "proconnect": {"usual_name", "uid"}}
    assert shown[browser.platform.slug] <= set(claims)
    assert not hidden[browser.platform.slug] & set(claims)


@pytest.mark.exigence("ASVS 10.4.1")
def test_what_the_platform_cannot_read_stays_on_its_own_page(browser: Browser):
    wrong: list[dict[str, str | None]] = [
        {"nonce": "n" * (browser.platform.shortest_nonce - 1)},
        {"redirect_uri": BACK.rstrip("/")},
        {"client_id": "somebody"},
        {"scope": "email"},
        {"scope": "openid dgfip_rfr"},
        {"response_type": "token"},
        {"state": None},
    ]
    if browser.platform is FRANCECONNECT:
        wrong += [{"acr_values": None}]
    else:
        wrong += [{"state": "s" * 31}, {"max_age": "60"}, {"code_challenge": "x"}]
    for changed in wrong:
        answer = browser.authorize(**changed)
        assert (answer.status, "Y000400" in answer.data.decode()) == (400, True), changed


def test_what_it_can_read_and_not_grant_comes_back_to_the_service(browser: Browser):
    query = parse_qs(urlsplit(browser.authorize(acr_values="eidas3").headers["location"]).query)
    assert query["error"] == ["invalid_request"]
    assert browser.choose("abort")["error"] == "access_denied"
    assert browser.choose("unavailable")["error"] == "temporarily_unavailable"


def test_a_code_is_worth_one_token_for_thirty_seconds(browser: Browser):
    code = browser.choose(PERSON[browser.platform.slug])["code"]
    assert browser.token(code, client_secret="another").json()["error"] == "invalid_client"
    assert browser.token(code, redirect_uri=END).json()["error"] == "invalid_grant"
    token = browser.token(code).json()["access_token"]
    again = browser.token(code)
    assert (again.status, again.json()["error_description"]) == (400, "authorization code already consumed")
    assert browser.userinfo(token).status == 401
    late = browser.choose(PERSON[browser.platform.slug])["code"]
    browser.provider.clock.advance(31)
    assert browser.token(late).json()["error"] == "invalid_grant"


def test_a_token_ends_after_a_minute(browser: Browser):
    token = browser.token(browser.choose(PERSON[browser.platform.slug])["code"]).json()["access_token"]
    assert browser.userinfo(token).status == 200
    browser.provider.clock.advance(61)
    assert browser.userinfo(token).status == 401


def test_a_logout_wants_a_genuine_hint_and_a_known_address(browser: Browser):
    hint = browser.token(browser.choose(PERSON[browser.platform.slug])["code"]).json()["id_token"]
    bare = browser.provider.keys.sign({"aud": "town", "sub": "x"}, algorithm="ES256", secret="")
    for wrong in (
        {"id_token_hint": bare, "post_logout_redirect_uri": END, "state": "z"},
        {"id_token_hint": hint[:-6] + "AAAAAA", "post_logout_redirect_uri": END, "state": "z"},
        {"id_token_hint": hint, "post_logout_redirect_uri": BACK, "state": "z"},
        {"post_logout_redirect_uri": END, "state": "z"},
    ):
        assert browser.end(**wrong).status == 400, wrong
    without_state = browser.end(id_token_hint=hint, post_logout_redirect_uri=END)
    assert without_state.status == (400 if browser.platform is PROCONNECT else 303)
    browser.provider.clock.advance(600)
    ended = browser.end(id_token_hint=hint, post_logout_redirect_uri=END, state="z")
    assert (ended.status, ended.headers["location"]) == (303, f"{END}?state=z")


def test_another_service_knows_a_citizen_by_another_name():
    provider = Provider(FRANCECONNECT, CLIENT, Client("other", "another-secret", (BACK,)))
    angela = provider.people["angela"]
    named = {
        provider.subject(Grant(client, BACK, "openid", "s", "n", "eidas1", angela))
        for client in provider.clients.values()
    }
    assert len(named) == 2
