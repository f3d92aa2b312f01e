"""How an application knows us, whatever the connector: against a real server."""

import asyncio
import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from standardwebhooks import Webhook
from tests.sdk.certificates import DAY, NOW, Authority

from etoile.contract.signature import new_secret
from etoile.sdk import Door, DoorError, Part, access
from etoile.sdk.access import Access
from etoile.sdk.answers import without_answer
from etoile.sdk.testing import make_context, serve

SECRETS = {
    "password": "pass:é",
    "token": "a-token",
    "api_key": "clé&1",
    "signing_key": "ma clé",
    "client_secret": "a b%",
    "signing_secret": new_secret(),
}
READ = TypeAdapter(Access)


class Site:
    """Gives tokens and remembers what it was asked."""

    def __init__(self):
        self.requests, self.tokens, self.valid, self.token_status = [], 0, set(), 200
        self.token_answer: dict | None = None
        self.page = b""

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, answer = 200, {}
        if scope["path"] == "/token":
            await asyncio.sleep(0.02)
            self.tokens += 1
            status = self.token_status
            answer = {"access_token": f"t{self.tokens}", "expires_in": 300}
            answer |= self.token_answer or {}
            self.valid.add(f"Bearer t{self.tokens}")
        elif scope["path"] == "/guarded" and headers.get("authorization") not in self.valid:
            status = 401
        self.requests.append((scope["path"], scope["query_string"].decode(), headers, body))
        content = [(b"content-type", b"application/json"), (b"retry-after", b"7")]
        await send({"type": "http.response.start", "status": 400 if self.page else status, "headers": content})
        await send({"type": "http.response.body", "body": self.page or json.dumps(answer).encode()})


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def url(site):
    with serve(site) as address:
        yield address


@pytest.fixture
async def context(url):
    async with Door([url.partition("://")[2]]) as door:
        yield make_context(secrets=SECRETS, http=door)


def oauth2(url, **settings):
    return READ.validate_python({"kind": "oauth2", "token_url": f"{url}/token", "client_id": "ville:1", **settings})


async def asked(context, site, settings, url, **body):
    known = READ.validate_python(settings) if isinstance(settings, dict) else settings
    await access.request(context, known, "POST", f"{url}/x?a=1", **body)
    return site.requests[-1]


@pytest.mark.parametrize(
    ("settings", "header", "value"),
    [
        ({"kind": "basic", "username": "ville"}, "authorization", base64.b64encode("ville:pass:é".encode()).decode()),
        ({"kind": "bearer"}, "authorization", "Bearer a-token"),
        ({"kind": "api_key", "header": "X-Cle", "secret": "token"}, "x-cle", "a-token"),
    ],
)
async def test_a_fixed_secret_goes_in_its_header(context, site, url, settings, header, value):
    _, query, headers, _ = await asked(context, site, settings, url)
    assert (query, headers[header].removeprefix("Basic ")) == ("a=1", value)


async def test_a_key_may_go_in_the_address(context, site, url):
    _, query, headers, _ = await asked(context, site, {"kind": "api_key", "parameter": "cle"}, url)
    assert parse_qs(query) == {"a": ["1"], "cle": ["clé&1"]}
    assert "x-api-key" not in headers


@pytest.mark.parametrize("body", [{"json": {"é": 1}}, {"data": b"a;b"}, {"data": "é"}, {}])
async def test_a_signature_is_that_of_the_bytes_which_arrive(context, site, url, body):
    settings = {"kind": "hmac", "prefix": "sha256=", "timestamp_header": "X-Time"}
    _, _, headers, arrived = await asked(context, site, settings, url, **body)
    message = headers["x-time"].encode() + b"." + arrived
    assert headers["x-signature"] == "sha256=" + hmac.new("ma clé".encode(), message, hashlib.sha256).hexdigest()
    _, _, headers, arrived = await asked(context, site, {"kind": "hmac", "encoding": "base64"}, url, **body)
    proof = hmac.new("ma clé".encode(), arrived, hashlib.sha256).digest()
    assert base64.b64decode(headers["x-signature"]) == proof


async def test_what_is_streamed_cannot_be_signed_and_nothing_leaves(context, site, url):
    with pytest.raises(DoorError, match="corps connu d’avance") as caught:
        await asked(context, site, {"kind": "hmac"}, url, multipart=[Part("a", b"b")])
    assert (caught.value.kind, site.requests) == ("access", [])


async def test_the_official_package_believes_a_standard_webhook(context, site, url):
    _, _, headers, body = await asked(context, site, {"kind": "standard_webhooks"}, url, json={"a": 1})
    assert Webhook(SECRETS["signing_secret"]).verify(body, headers) == {"a": 1}


async def test_deliveries_that_need_a_token_together_ask_for_one(context, site, url):
    settings = oauth2(url, scope="lire écrire")
    answers = await asyncio.gather(*[access.request(context, settings, "GET", f"{url}/guarded") for _ in range(10)])
    assert ([each.status for each in answers], site.tokens) == ([200] * 10, 1)
    _, _, headers, body = next(each for each in site.requests if each[0] == "/token")
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"ville%3A1:a+b%25"
    assert parse_qs(body.decode()) == {"grant_type": ["client_credentials"], "scope": ["lire écrire"]}


async def test_a_refused_token_is_asked_for_again_once_and_the_body_leaves_whole_again(context, site, url):
    await access.request(context, oauth2(url), "GET", f"{url}/guarded")
    site.valid.clear()

    async def blocks():
        yield b"abc"

    answer = await access.request(context, oauth2(url), "POST", f"{url}/guarded", data=blocks)
    assert (answer.status, site.tokens) == (200, 2)
    assert [body for path, _, _, body in site.requests if path == "/guarded"] == [b"", b"abc", b"abc"]
    site.token_answer = {"access_token": "never taken"}
    site.valid.clear()
    assert (await access.request(context, oauth2(url), "GET", f"{url}/guarded")).status == 401
    assert site.tokens == 3


async def test_a_stream_asks_for_a_new_token_too(context, site, url):
    await access.request(context, oauth2(url), "GET", f"{url}/guarded")
    site.valid.clear()
    assert [each async for each in access.stream(context, oauth2(url), "GET", f"{url}/guarded")] == [b"{}"]
    assert site.tokens == 2


async def test_a_token_is_of_one_application_only(context, site, url):
    other = make_context(secrets=SECRETS, http=context.http, application="urbanisme")
    for each in (context, other, context):
        await access.request(each, oauth2(url), "GET", f"{url}/guarded")
    assert site.tokens == 2


async def test_the_credentials_may_go_in_the_form(context, site, url):
    await access.request(context, oauth2(url, send_in="body"), "GET", f"{url}/guarded")
    _, _, headers, body = site.requests[0]
    assert parse_qs(body.decode())["client_secret"] == ["a b%"]
    assert "authorization" not in headers


@pytest.mark.parametrize(
    ("status", "answer", "kind", "after"),
    [
        (401, {}, "fix_configuration", None),
        (400, {}, "fix_configuration", None),
        (503, {}, "retry", 7.0),
        (200, {"access_token": 3}, "retry", None),
        (200, {"access_token": "a\r\nb"}, "retry", None),
    ],
)
async def test_a_service_that_gives_no_token_is_told_by_what_it_means(context, site, url, status, answer, kind, after):
    site.token_status, site.token_answer = status, answer
    with pytest.raises(DoorError) as caught:
        await access.request(context, oauth2(url), "POST", f"{url}/guarded", data=b"x")
    outcome = without_answer(caught.value)
    assert (outcome.kind, outcome.retry_after, caught.value.maybe_sent) == (kind, after, False)
    assert "jeton" in outcome.message
    assert [path for path, *_ in site.requests] == ["/token"]


async def test_a_lifetime_that_is_no_number_does_no_harm(context, site, url):
    site.token_answer = {"expires_in": "bientôt"}
    assert (await access.request(context, oauth2(url), "GET", f"{url}/guarded")).status == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "basic", "username": "ville", "secret": "absent"},
        {"kind": "hmac", "secret": "absent"},
        {"kind": "standard_webhooks", "secrets": ["signing_secret", "absent"]},
        {"kind": "certificate", "key": "absent", "certificate": "token"},
        {"kind": "bearer", "certificate": {"certificate": "absent", "key": "token"}},
        {"kind": "oauth2", "token_url": "https://a.test/token", "client_id": "x", "secret": "absent"},
    ],
)
async def test_a_missing_secret_is_named_with_the_place_where_it_goes(context, site, url, settings):
    with pytest.raises(DoorError) as caught:
        await asked(context, site, settings, url)
    outcome = without_answer(caught.value)
    assert outcome.kind == "fix_configuration"
    assert "Le secret « absent » de l’abonnement « essai » manque" in outcome.message
    assert "console" in outcome.message
    assert "fichier d’étoile" in outcome.message
    assert site.requests == []
    [line] = access.checks(context, READ.validate_python(settings))
    assert (line.ok, line.message) == (False, outcome.message)


def test_the_missing_secret_of_a_provider_of_a_lookup_goes_where_providers_are_written():
    context = make_context(provider=True, subscription="caf")
    [line] = access.checks(context, READ.validate_python({"kind": "bearer"}))
    assert line.message == (
        "Le secret « token » du fournisseur « caf » manque : donnez-le dans le fichier d’étoile, sous « secrets » de "
        "ce fournisseur, puis rechargez-le."
    )


async def test_the_page_by_which_nginx_asks_for_a_certificate_does_not_blame_the_request(context, site, url):
    site.page = b"<center>No required SSL certificate was sent</center>"
    with pytest.raises(DoorError, match="certificat client") as caught:
        await asked(context, site, {"kind": "bearer"}, url)
    assert without_answer(caught.value).kind == "fix_configuration"


async def test_a_check_says_until_when_our_certificate_is_good(context):
    authority = Authority()
    settings = READ.validate_python({"kind": "certificate"})
    for ends, ok, words in ((NOW + 2 * DAY, True, "valable jusqu’au"), (NOW - DAY, False, "a expiré le")):
        pair = authority.give("ville", NOW - 9 * DAY, ends)
        secrets = {"client_certificate": pair.pem, "client_key": pair.key()}
        [line] = access.checks(make_context(secrets=secrets, http=context.http), settings)
        assert (line.ok, words in line.message) == (ok, True), line
    assert access.checks(context, None) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "bearer", "secret": "-----BEGIN PRIVATE KEY-----\nMIIB"},
        {"kind": "bearer", "secret": ""},
        {"kind": "api_key", "header": "X: y"},
        {"kind": "hmac", "algorithm": "md5"},
        {"kind": "oauth2", "token_url": "ftp://a", "client_id": "x"},
        {"kind": "magic"},
    ],
)
def test_a_setting_that_cannot_be_right_is_refused(wrong):
    with pytest.raises(ValidationError):
        READ.validate_python(wrong)


def test_each_setting_has_a_title_and_an_explanation():
    class Configuration(BaseModel):
        model_config = ConfigDict(extra="forbid")
        authentication: Access | None = access.field()

    for name, node in Configuration.model_json_schema()["$defs"].items():
        for setting, told in node["properties"].items():
            assert "const" in told or (told.get("title") and told.get("description")), f"{name}.{setting}"
