"""A platform that runs: the addresses under `/api/v2`, its memory, and what it refuses."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from jwcrypto.jwk import JWK
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from etoile.doubles.identity import pages
from etoile.doubles.identity.platforms import Platform
from etoile.doubles.identity.signing import Keys, base64url, encrypted, half_hash
from etoile.sdk.faults import HTTP, About, Clock, Faults
from etoile.sdk.faults.kinds import VOCABULARY

PREFIX = "/api/v2"
# What can go wrong with a writing has no meaning here: nothing is written.
KINDS = frozenset(name for name in HTTP if not VOCABULARY[name].writes)
NO_CACHE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Client:
    """A service known to the platform. Addresses are compared exactly. `algorithm`: by which it is answered.
    `encrypted_for`: the public key of the service, for a platform that encrypts what it signed."""

    id: str
    secret: str
    redirects: tuple[str, ...]
    after_logout: tuple[str, ...] = ()
    algorithm: str = "ES256"
    encrypted_for: JWK | None = None


@dataclass(slots=True)
class Grant:
    """One sign-in, from the page where a person is chosen to the end of its session. Moments are seconds."""

    client: Client
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    acr: str
    person: dict[str, Any] = field(default_factory=dict)
    chosen_at: float = 0
    consumed: bool = False
    token: str = ""
    token_at: float = 0
    asked: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""


class Provider:
    """`clients`: the services known. `faults` is the ASGI application to serve."""

    def __init__(self, platform: Platform, *clients: Client) -> None:
        self.platform = platform
        self.clients = {client.id: client for client in clients}
        self.people = {person["key"]: person for person in platform.people()}
        self.keys = Keys()
        self.clock = Clock()
        self._waiting: dict[str, Grant] = {}
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}
        routes = [
            Route(f"{PREFIX}/.well-known/openid-configuration", self.discovery),
            Route(f"{PREFIX}/jwks", self.jwks),
            Route(f"{PREFIX}/authorize", self.authorize),
            Route(f"{PREFIX}/interaction", self.choose, methods=["POST"]),
            Route(f"{PREFIX}/token", self.token, methods=["POST"]),
            Route(f"{PREFIX}/userinfo", self.userinfo),
            Route(f"{PREFIX}/session/end", self.end),
        ]
        self.faults = Faults(
            Starlette(routes=routes),
            kinds=KINDS,
            about=About(platform.name, platform.what, self.held),
            clock=self.clock,
            renames={"access_token": "accessToken", "token_endpoint": "tokenEndpoint"},
        )

    def held(self) -> list[dict[str, Any]]:
        """The sign-ins under way or done, without a code nor a token."""
        return [
            {"service": grant.client.id, "person": grant.person["key"], "state": "done" if grant.token else "coded"}
            for grant in self._codes.values()
        ]

    def issuer(self, request: Request) -> str:
        return f"{str(request.base_url).rstrip('/')}{PREFIX}"

    def _now(self) -> float:
        return self.clock.now().timestamp()

    async def discovery(self, request: Request) -> Response:
        issuer = self.issuer(request)
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "session/end"}
        algorithms = ["ES256", "RS256", "HS256"]
        return JSONResponse(
            {
                "issuer": issuer,
                **{f"{name}_endpoint": f"{issuer}/{path}" for name, path in paths.items()},
                "jwks_uri": f"{issuer}/jwks",
                "acr_values_supported": self.platform.acrs,
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "scopes_supported": list(self.platform.scopes),
                "subject_types_supported": ["pairwise" if self.platform.pairwise else "public"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "id_token_signing_alg_values_supported": algorithms,
                "userinfo_signing_alg_values_supported": algorithms,
                "claims_parameter_supported": True,
            }
        )

    async def jwks(self, request: Request) -> Response:
        return JSONResponse(self.keys.published())

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        client = self.clients.get(asked.get("client_id", ""))
        if why := self._unreadable(asked, client, repeated=len(asked) != len(request.query_params.multi_items())):
            return self._stays("Y000400", why)
        assert client is not None  # noqa: S101 `_unreadable` has said so
        wanted = asked.get("acr_values", "").split()
        grant = Grant(client, asked["redirect_uri"], asked["scope"], asked["state"], asked["nonce"], "")
        grant.acr = next((acr for acr in wanted if acr in self.platform.acrs), "" if wanted else self.platform.acrs[0])
        if not grant.acr:
            return self._back(grant, error="invalid_request", error_description="unsupported acr")
        grant.challenge = asked.get("code_challenge", "")
        if self.platform.pkce and not (grant.challenge and asked.get("code_challenge_method") == "S256"):
            return self._back(grant, error="invalid_request", error_description="missing parameter: code_challenge")
        grant.asked = _object(asked.get("claims", "{}")).get("id_token") or {}
        if asked.get("prompt") == "none":
            return self._back(grant, error="login_required", error_description="nobody is signed in")
        number = secrets.token_urlsafe(16)
        self._waiting[number] = grant
        return HTMLResponse(pages.choice(self.platform, number, self.people.values()), headers=NO_CACHE)

    def _unreadable(self, asked: dict[str, str], client: Client | None, *, repeated: bool) -> str:
        """Why the platform keeps the person on a page of its own, from which nobody comes back; or nothing."""
        platform = self.platform
        if repeated:
            return "a parameter is given twice"
        if client is None:
            return "client_id is unknown"
        if asked.get("redirect_uri") not in client.redirects:
            return "redirect_uri is not registered"
        if platform.parameters is not None and (unknown := sorted(set(asked) - platform.parameters)):
            return f"{unknown[0]} should not exist"
        if asked.get("response_type") != "code":
            return "response_type must be code"
        if platform.acr_required and not asked.get("acr_values"):
            return "acr_values is required"
        for name, shortest in (("nonce", platform.shortest_nonce), ("state", platform.shortest_state)):
            if len(asked.get(name, "")) < shortest:
                return f"{name} must have {shortest} characters or more"
        scopes = asked.get("scope", "").split()
        if "openid" not in scopes or not set(scopes) <= set(platform.scopes):
            return "scope must have openid, and only what the service may ask"
        return ""

    async def choose(self, request: Request) -> Response:
        form = await request.form()
        grant = self._waiting.pop(str(form.get("interaction")), None)
        if grant is None:
            return self._stays("Y000020", "this sign-in has ended")
        chosen = str(form.get("person"))
        if chosen == "abort":
            return self._back(grant, error="access_denied", error_description="user authentication aborted")
        if chosen == "unavailable":
            return self._back(grant, error="temporarily_unavailable", error_description="identity check is down")
        if chosen not in self.people:
            return self._stays("Y000020", "nobody of that name")
        grant.person, grant.chosen_at = self.people[chosen], self._now()
        code = secrets.token_urlsafe(32)
        self._codes[code] = grant
        return self._back(grant, code=code)

    async def token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not hmac.compare_digest(client.secret, form.get("client_secret", "")):
            return _refusal(401, "invalid_client", "client authentication failed")
        if form.get("grant_type") != "authorization_code":
            return _refusal(400, "unsupported_grant_type", "unsupported grant_type requested")
        grant = self._codes.get(form.get("code", ""))
        if grant is None or grant.client != client or grant.redirect_uri != form.get("redirect_uri"):
            return _refusal(400, "invalid_grant", "grant request is invalid")
        if grant.consumed:
            self._tokens.pop(grant.token, None)
            return _refusal(400, "invalid_grant", "authorization code already consumed")
        if self._now() - grant.chosen_at > self.platform.code_seconds:
            return _refusal(400, "invalid_grant", "authorization code is expired")
        if self.platform.pkce and _challenge(form.get("code_verifier", "")) != grant.challenge:
            return _refusal(400, "invalid_grant", "PKCE verification failed")
        grant.consumed, grant.token, grant.token_at = True, secrets.token_urlsafe(32), self._now()
        self._tokens[grant.token] = grant
        told = {"access_token": grant.token, "expires_in": self.platform.token_seconds, "token_type": "Bearer"}
        told |= {"scope": grant.scope, "id_token": self.id_token(request, grant)}
        return JSONResponse(told, headers=NO_CACHE)

    def id_token(self, request: Request, grant: Grant) -> str:
        now = int(self._now())
        claims = {"iss": self.issuer(request), "aud": grant.client.id, "sub": self.subject(grant), "iat": now}
        claims |= {"exp": now + self.platform.token_seconds, "nonce": grant.nonce, "acr": grant.acr}
        claims |= {"auth_time": int(grant.chosen_at)}
        if self.platform.tells_in_id_token:
            claims |= self.opened(grant)
        else:
            claims |= {"at_hash": half_hash(grant.token)}
        tells = "amr" in grant.person and ("amr" in grant.asked or self.platform.tells_in_id_token)
        claims |= {"amr": grant.person["amr"]} if tells else {}
        return self.wrap(grant, self.sign(grant, claims))

    def sign(self, grant: Grant, claims: dict[str, Any]) -> str:
        """A test overrides it to forge an answer."""
        return self.keys.sign(claims, algorithm=grant.client.algorithm, secret=grant.client.secret)

    def wrap(self, grant: Grant, signed: str) -> str:
        """What was signed, encrypted for a service that has a key."""
        return encrypted(signed, grant.client.encrypted_for) if grant.client.encrypted_for else signed

    def subject(self, grant: Grant) -> str:
        for_whom = grant.client.id if self.platform.pairwise else grant.person["claims"]["idp_id"]
        who = grant.person.get("as", grant.person["key"])
        return hashlib.sha256(f"{self.platform.slug} {for_whom} {who}".encode()).hexdigest()

    async def userinfo(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._tokens.get(token) if scheme.lower() == "bearer" else None
        if grant is None or self._now() - grant.token_at > self.platform.token_seconds:
            return _refusal(401, "invalid_token", "invalid token provided")
        claims = self.opened(grant) | {"sub": self.subject(grant), "iss": self.issuer(request), "aud": grant.client.id}
        return self.tell(grant, claims)

    def opened(self, grant: Grant) -> dict[str, Any]:
        """What the scopes that were asked open of who was chosen."""
        names = self.platform.claims(grant.scope)
        return {name: value for name, value in grant.person["claims"].items() if name in names}

    def tell(self, grant: Grant, claims: dict[str, Any]) -> Response:
        """A signed JWT, not JSON. A test overrides it to answer otherwise."""
        signed = self.wrap(grant, self.sign(grant, claims))
        return Response(signed, media_type="application/jwt", headers=NO_CACHE)

    async def end(self, request: Request) -> Response:
        asked = request.query_params
        client, told = self._hinted(asked.get("id_token_hint", ""))
        if client is None or ("at_hash" not in told and not self.platform.tells_in_id_token):
            return _refusal(400, "invalid_request", "id_token_hint is not valid (code: 100019)")
        if asked.get("post_logout_redirect_uri") not in client.after_logout:
            return _refusal(400, "invalid_request", "post_logout_redirect_uri not registered")
        if self.platform.logout_state_required and not asked.get("state"):
            return _refusal(400, "invalid_request", "state is required")
        kept = {"state": asked["state"]} if asked.get("state") else {}
        after = asked["post_logout_redirect_uri"]
        return RedirectResponse(f"{after}?{urlencode(kept)}" if kept else after, status_code=303)

    def _hinted(self, hint: str) -> tuple[Client | None, dict[str, Any]]:
        """The service an id_token was made for and its claims; its age does not matter."""
        for client in self.clients.values():
            told = self.keys.read(hint, algorithm=client.algorithm, secret=client.secret)
            if told is not None and told.get("aud") == client.id:
                return client, told
        return None, {}

    def _back(self, grant: Grant, **told: str) -> Response:
        told["state"] = grant.state
        return RedirectResponse(f"{grant.redirect_uri}?{urlencode(told)}", status_code=303, headers=NO_CACHE)

    def _stays(self, code: str, why: str) -> Response:
        return HTMLResponse(pages.stuck(self.platform, code, why), status_code=400, headers=NO_CACHE)


def _challenge(verifier: str) -> str:
    return base64url(hashlib.sha256(verifier.encode()).digest())


def _object(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _refusal(status: int, error: str, description: str) -> Response:
    headers = NO_CACHE | ({"WWW-Authenticate": f'Bearer error="{error}"'} if error == "invalid_token" else {})
    return JSONResponse({"error": error, "error_description": description}, status, headers=headers)
