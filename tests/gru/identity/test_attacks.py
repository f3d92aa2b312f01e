"""What comes back from a platform is believed only when it was made by it, for us, now, for this browser: facing the
simulated platforms on real sockets, which lie in every way we know of."""

import base64
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3
from jwcrypto.jwk import JWK
from starlette.responses import JSONResponse, Response

from etoile.doubles.identity.double import private_key
from etoile.doubles.identity.platforms import DIRECTORY, FRANCECONNECT, FRANCECONNECT_PLUS, PROCONNECT
from etoile.doubles.identity.provider import Client, Grant, Provider
from etoile.doubles.identity.signing import Keys
from etoile.gru.identity import discovery, flow, platforms, tokens, wire
from etoile.sdk.testing import serve

BACK, END, SECRET = "https://town.example/retour/", "https://town.example/fin/", "a-secret-long-enough-to-sign-with"
HTTP = urllib3.PoolManager(retries=False, timeout=30)
UNSIGNED = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


KEY = private_key()
SHAPES = {
    "franceconnect": platforms.franceconnect,
    "franceconnect-plus": partial(platforms.franceconnect_plus, private_key=KEY),
    "proconnect": platforms.proconnect,
    "annuaire": platforms.directory,
}


class Liar(Provider):
    """A platform that answers otherwise than it should: `lie` names how."""

    lie = ""
    others = Keys()

    def sign(self, grant: Grant, claims: dict[str, Any]) -> str:
        name, _, value = self.lie.partition("=")
        where, _, claim = name.partition(".")
        of_identity = "nonce" in claims
        if where == ("id" if of_identity else "info") and claim:
            if value == "":
                claims.pop(claim, None)
            else:
                claims[claim] = (
                    json.loads(value) if value.startswith("[") or value.isdigit() or value == "NaN" else value
                )
        if name == "forged":
            return self.others.sign(claims, algorithm="ES256", secret="")
        if name == "confused":
            public = json.dumps(self.keys.published()["keys"][0])
            return self.keys.sign(claims, algorithm="HS256", secret=public)
        signed = super().sign(grant, claims)
        head, body, signature = signed.split(".")
        if name == "none":
            return f"{UNSIGNED}.{body}."
        if name == "cut":
            return f"{head}.{body}.{signature[:-8]}AAAAAAAA"
        return signed

    def tell(self, grant: Grant, claims: dict[str, Any]) -> Response:
        if self.lie == "json":
            return JSONResponse(claims)
        if self.lie == "mislabelled":
            return Response(self.sign(grant, claims), media_type="application/json")
        return super().tell(grant, claims)


@pytest.fixture(scope="module")
def standing() -> Iterator[dict[str, tuple[Liar, platforms.Platform]]]:
    """Both platforms, and FranceConnect signing by the shared secret."""
    found = {}
    made = (
        ("fc", FRANCECONNECT, "ES256"),
        ("pro", PROCONNECT, "RS256"),
        ("fc-hs", FRANCECONNECT, "HS256"),
        ("plus", FRANCECONNECT_PLUS, "ES256"),
        ("dir", DIRECTORY, "RS256"),
    )
    servers = []
    try:
        for name, platform, algorithm in made:
            key = JWK.from_pem(KEY.encode()) if name == "plus" else None
            town = Client("town", SECRET, (BACK,), (END,), algorithm, key)
            provider = Liar(platform, town, Client("else", "x", (BACK,)))
            servers.append(serve(provider.faults))
            shape = SHAPES[platform.slug]
            found[name] = provider, shape(f"{servers[-1].__enter__()}/api/v2", "town", SECRET, algorithm)
        yield found
    finally:
        HTTP.clear()
        for server in servers:
            server.__exit__(None, None, None)


@pytest.fixture(params=["fc", "pro", "fc-hs", "plus"])
def both(request, standing) -> Iterator[tuple[Liar, platforms.Platform]]:
    provider, platform = standing[request.param]
    yield provider, platform
    provider.lie = ""
    provider.faults.set(None)
    provider.clock.set(None)


@pytest.fixture
def fc(standing) -> Iterator[tuple[Liar, platforms.Platform]]:
    provider, platform = standing["fc"]
    yield provider, platform
    provider.lie = ""
    provider.faults.set(None)
    provider.clock.set(None)


def gone_and_back(platform: platforms.Platform, person: str = "") -> tuple[flow.Attempt, dict[str, str]]:
    """The attempt, and what the browser brings back once the person has been chosen on the platform."""
    address, attempt = flow.begin(platform, BACK)
    page = HTTP.request("GET", address)
    found = re.search(r'name="interaction" value="([^"]+)"', page.data.decode())
    assert found is not None, page.data
    chosen = person or ("agent" if platform.slug in ("proconnect", "annuaire") else "angela")
    body = urlencode({"interaction": found[1], "person": chosen})
    sent = HTTP.request("POST", f"{platform.issuer}/interaction", body=body, headers=FORM, redirect=False)
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    return attempt, {name: values[0] for name, values in query.items()}


def refused(platform: platforms.Platform, attempt: flow.Attempt | None, told: dict[str, str]) -> str:
    with pytest.raises(tokens.Forged) as found:
        flow.finish(platform, attempt, told)
    return found.value.why


def test_a_true_answer_gives_the_identity_and_a_logout_that_the_platform_accepts(both):
    _provider, platform = both
    who = flow.finish(platform, *gone_and_back(platform))
    assert (who.platform, who.claims["sub"]) == (platform.slug, who.subject)
    family = "usual_name" if platform.slug == "proconnect" else "family_name"
    assert who.claims[family] in {"Dubois", "Moreau"}
    ended = HTTP.request("GET", flow.farewell(platform, who.id_token, END), redirect=False)
    assert (ended.status, ended.headers["location"].partition("?")[0]) == (303, END)


LIES = {
    "forged": "signature",
    "confused": "another algorithm",
    "none": "another algorithm",
    "cut": "signature",
    "json": "unsigned identity",
    "mislabelled": "unsigned identity",
    "id.iss=https://elsewhere.example/api/v2": "issuer",
    "info.iss=https://elsewhere.example/api/v2": "issuer",
    "id.aud=else": "audience",
    'id.aud=["town", "else"]': "audience",
    "info.aud=else": "audience",
    "id.aud=": "audience",
    "id.exp=1700000000": "expired",
    "id.exp=": "exp",
    "id.exp=soon": "exp",
    "id.exp=NaN": "exp",
    "id.iat=1700000000": "date",
    "id.iat=4000000000": "date",
    "id.nonce=another": "nonce",
    "id.at_hash=another": "access token",
    "id.at_hash=": "access token",
    "id.azp=else": "authorised party",
    "id.sub=": "subject",
    "info.sub=somebody-else": "another person",
}


@pytest.mark.exigence("ASVS 9.1.1")
@pytest.mark.exigence("ASVS 10.3.1")
def test_each_lie_of_the_answer_is_refused_by_its_own_reason(fc):
    provider, platform = fc
    found = {}
    for lie in LIES:
        provider.lie = lie
        found[lie] = refused(platform, *gone_and_back(platform))
    assert found == LIES


def test_a_signature_is_checked_by_the_one_algorithm_agreed(both):
    provider, platform = both
    for lie in ("forged", "confused", "none", "cut", "json"):
        provider.lie = lie
        assert refused(platform, *gone_and_back(platform)) in {LIES[lie], "another algorithm", "signature"}, lie


@pytest.mark.exigence("ASVS 6.8.4")
def test_a_lower_level_than_asked_is_refused(fc):
    provider, platform = fc
    provider.lie = "id.acr=eidas0"
    assert refused(platform, *gone_and_back(platform)) == "level"


def test_a_level_that_was_asked_is_the_least_that_is_believed(standing):
    _provider, platform = standing["plus"]
    address, attempt = flow.begin(platform, BACK, level="eidas3")
    assert parse_qs(urlsplit(address).query)["acr_values"] == ["eidas3"]
    assert (attempt.acrs, flow.begin(platform, BACK)[1].acrs) == (("eidas3",), ("eidas2", "eidas3"))
    assert flow.Attempt.found(json.loads(json.dumps(attempt.kept()))) == attempt
    asked, told = gone_and_back(platform)
    assert flow.finish(platform, asked, told).acr == "eidas2"
    asked, told = gone_and_back(platform)
    assert refused(platform, replace(asked, acrs=("eidas3",)), told) == "level"


def test_an_answer_that_should_be_encrypted_for_us_is_believed_in_no_other_way(standing):
    provider, platform = standing["plus"]
    for key, why in ((None, "not encrypted"), (JWK.generate(kty="EC", crv="P-256"), "encryption")):
        known = provider.clients["town"]
        provider.clients["town"] = replace(known, encrypted_for=key)
        assert refused(platform, *gone_and_back(platform)) == why
        provider.clients["town"] = known


@pytest.mark.exigence("ASVS 10.4.2")
def test_a_code_serves_once(both):
    _provider, platform = both
    attempt, told = gone_and_back(platform)
    flow.finish(platform, attempt, told)
    assert refused(platform, attempt, told) == "code"


@pytest.mark.exigence("ASVS 10.2.1")
def test_an_answer_serves_in_the_browser_that_asked_alone(fc, standing):
    _provider, platform = fc
    attempt, told = gone_and_back(platform)
    other, _theirs = gone_and_back(platform)
    assert refused(platform, None, told) == "nothing was asked"
    assert refused(platform, other, told) == "state"
    assert refused(standing["pro"][1], attempt, told) == "nothing was asked"
    assert refused(platform, replace(attempt, at=time.time() - 3600), told) == "too late"
    assert refused(platform, attempt, told | {"iss": "https://elsewhere.example"}) == "issuer"
    assert refused(platform, attempt, {"state": told["state"]}) == "no code"
    assert refused(platform, replace(attempt, nonce="of-another-attempt"), told) == "nonce"


@pytest.mark.exigence("ASVS 10.3.1")
def test_a_code_of_another_service_is_refused(fc):
    _provider, platform = fc
    attempt, told = gone_and_back(replace(platform, client_id="else"))
    assert refused(platform, attempt, told) == "code"


def test_whoever_gives_up_or_finds_it_out_of_order_is_told_so(fc):
    _provider, platform = fc
    for chosen, error in (("abort", "access_denied"), ("unavailable", "temporarily_unavailable")):
        with pytest.raises(flow.Declined) as found:
            flow.finish(platform, *gone_and_back(platform, chosen))
        assert found.value.error == error


@pytest.mark.parametrize("fault", ["down", "error", "unavailable", "html", "truncated", "renamed", "redirect"])
def test_a_platform_out_of_order_is_never_an_identity(fc, fault):
    provider, platform = fc
    attempt, told = gone_and_back(platform)
    provider.faults.set(fault, path="/api/v2/token")
    with pytest.raises((wire.Unreachable, tokens.Forged)):
        flow.finish(platform, attempt, told)


def test_keys_that_are_no_list_are_no_keys(fc, monkeypatch):
    provider, platform = fc
    monkeypatch.setattr(discovery, "_known", {})
    monkeypatch.setattr(provider.keys, "published", lambda: {"keys": None})
    assert refused(platform, *gone_and_back(platform)) == "unknown key"


def test_nothing_is_sent_in_clear_to_another_machine_nor_believed_of_another_issuer(fc, monkeypatch):
    provider, platform = fc
    with pytest.raises(wire.Unreachable, match="https"):
        wire.ask("POST", "http://platform.example/token", fields={"client_secret": SECRET})
    monkeypatch.setattr(discovery, "_known", {})
    monkeypatch.setattr(provider, "issuer", lambda request: "https://elsewhere.example/api/v2")
    with pytest.raises(wire.Unreachable, match="another issuer"):
        discovery.known(platform)


def test_a_key_changed_by_the_platform_is_found_again(fc, monkeypatch):
    provider, platform = fc
    flow.finish(platform, *gone_and_back(platform))
    monkeypatch.setattr(discovery, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(provider, "keys", Keys("renewed"))
    assert flow.finish(platform, *gone_and_back(platform)).claims["family_name"] == "Dubois"


def test_what_a_session_held_of_another_shape_is_no_attempt():
    assert [flow.Attempt.found(kept) for kept in (None, "text", {"state": "x"})] == [None, None, None]


def test_a_directory_is_believed_as_the_standard_says_and_no_further(standing):
    """Its claims are in the id_token, whose `at_hash` may be left out; the rest is refused as ever."""
    provider, platform = standing["dir"]
    attempt, told = gone_and_back(platform)
    assert flow.finish(platform, replace(attempt), told).claims["groups"] == ["GRU-Etat-civil", "Tous"]
    spared = {"json", "mislabelled", "id.at_hash="}
    lies = {lie: why for lie, why in LIES.items() if not lie.startswith("info.") and lie not in spared}
    found = {}
    for lie in lies:
        provider.lie = lie
        found[lie] = refused(platform, *gone_and_back(platform))
    assert found == {**lies, "forged": "another algorithm"}
    for seconds, why in ((600, ""), (1000, "date")):
        provider.lie = f"id.iat={int(time.time()) - seconds}"
        asked, back = gone_and_back(platform)
        assert (refused(platform, asked, back) if why else flow.finish(platform, asked, back) and "") == why
    provider.lie = ""
    attempt, told = gone_and_back(platform)
    assert attempt.verifier not in flow.begin(platform, BACK)[0]
    assert refused(platform, replace(attempt, verifier="of-somebody-else"), told) == "code"
    asked = parse_qs(urlsplit(flow.begin(replace(platform, acrs=("gold",)), BACK)[0]).query)
    assert (asked["acr_values"], asked["code_challenge_method"]) == (["gold"], ["S256"])
    assert refused(replace(platform, acrs=("gold",)), *gone_and_back(platform)) == "level"
