"""A simulated provider of family quotients and of addresses, shaped as the public ones are: API Particulier v3 (a
bearer token, an envelope `data`, errors with codes) and the geocoder of the Géoplateforme (open, a FeatureCollection).

Nothing in it comes from a true person: families and streets are invented.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, About, Faults
from etoile.sdk.faults.kinds import VOCABULARY
from etoile.sdk.testing import EventFactory, serve

TOKEN = "a-token-of-the-simulated-provider"  # noqa: S105 of a simulated system
# It only answers questions: what can go wrong with a writing cannot be shown.
KINDS = frozenset(name for name in HTTP if not VOCABULARY[name].writes)
FIXTURES = Path(__file__).with_name("fixtures")
WHAT = "Un fournisseur de quotients familiaux (accès par jeton) et d’adresses (ouvert)."
QUOTIENT = "/v3/dss/quotient_familial/identite"
ASKED = ("recipient", "nomNaissance", "prenoms[]", "anneeDateNaissance", "sexeEtatCivil")


class Provider:
    """`asked`: the number of questions, by path. `families` and `streets` are those of the fixtures."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self.families: list[dict[str, Any]] = json.loads((FIXTURES / "families.json").read_text(encoding="utf-8"))
        self.streets: list[dict[str, Any]] = json.loads((FIXTURES / "streets.json").read_text(encoding="utf-8"))
        routes = [
            Route(QUOTIENT, self.quotient),
            Route("/geocodage/search", self.address),
            Route("/search", self.searched, methods=["POST"]),
            Route("/api/pings", self.ping),
        ]
        self.faults = self.application = Faults(
            Starlette(routes=routes),
            kinds=KINDS,
            about=About("Quotient familial et adresses", WHAT, self.held),
            renames={"quotient_familial": "quotient"},
        )

    def held(self) -> list[dict[str, Any]]:
        return [{"path": path, "asked": number} for path, number in sorted(self.asked.items())]

    def _known(self, request: Request) -> bool:
        self.asked[request.url.path] = self.asked.get(request.url.path, 0) + 1
        return request.headers.get("authorization") == f"Bearer {TOKEN}"

    async def ping(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"}) if self._known(request) else _error(401, "00101", "Jeton non valide")

    async def quotient(self, request: Request) -> Response:
        if not self._known(request):
            return _error(401, "00101", "Jeton non valide")
        given = request.query_params
        missing = [name for name in ASKED if not given.get(name)]
        if missing:
            return _error(422, "00366", f"Le paramètre {missing[0]} manque.")
        for family in self.families:
            first = given.getlist("prenoms[]")[0].upper()
            if (given["nomNaissance"].upper(), first) == (family["nom_naissance"], family["prenoms"].split()[0]):
                holder = {name: family[name] for name in ("nom_naissance", "prenoms", "date_naissance")}
                data = {"allocataires": [holder], "quotient_familial": family["quotient_familial"]}
                return JSONResponse({"data": data, "links": {}, "meta": {}})
        return _error(404, "35003", "Dossier allocataire inexistant.")

    async def address(self, request: Request) -> Response:
        self._known(request)
        text, limit = request.query_params.get("q", ""), int(request.query_params.get("limit", "10"))
        if not 3 <= len(text) <= 200 or not text[0].isalnum():
            detail = ["q: must contain between 3 and 200 chars and start with a number or a letter"]
            return JSONResponse({"code": 400, "message": "Failed parsing query", "detail": detail}, 400)
        found = [each for each in self.streets if text.lower() in each["label"].lower()]
        features = [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [each["lon"], each["lat"]]},
             "properties": {name: each[name] for name in ("id", "label", "citycode", "city", "postcode", "score")}}
            for each in found[:limit]
        ]  # fmt: skip
        return JSONResponse({"type": "FeatureCollection", "features": features})

    async def searched(self, request: Request) -> Response:
        """The same addresses, asked by a body; a page of two, and whether there are others."""
        self._known(request)
        text = str((await request.json()).get("text", ""))
        found = [each["label"] for each in self.streets if text.lower() in each["label"].lower()]
        return JSONResponse({"items": found[:2], "more": len(found) > 2})


def _error(status: int, code: str, detail: str) -> Response:
    headers = {"Retry-After": "3600"} if status == 429 else {}
    return JSONResponse({"errors": [{"code": code, "title": "Erreur", "detail": detail}]}, status, headers=headers)


def settings_of(url: str) -> dict[str, Any]:
    """The settings of the connector for a family quotient asked at this address."""
    return {
        "base_url": url,
        "timeout": 5,
        "authentication": {"kind": "bearer", "secret": "token"},
        "request": {
            "path": QUOTIENT,
            "parameters": {
                "recipient": "21490999900017",
                "nomNaissance": "=query.nom",
                "prenoms[]": "=query.prenoms",
                "anneeDateNaissance": "=query.annee",
                "moisDateNaissance": "=has(query.mois) ? query.mois : null",
                "sexeEtatCivil": "=query.sexe",
            },
        },
        "found": "response.status == 200 && has(response.body.data.quotient_familial)",
        "absent": "response.status == 404 && response.body.errors.exists(each, each.code == '35003')",
        "refused": [
            {
                "when": "response.status == 422 && has(response.body.errors)",
                "message": "=response.body.errors[0].detail",
            }
        ],
        "answer": "response.body.data",
        "check": {"path": "/api/pings"},
    }


QUERY = {"nom": "Dubois", "prenoms": ["Angela", "Claire"], "annee": 1978, "sexe": "F"}
ABSENT = {**QUERY, "nom": "Inconnue"}


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs."""
    provider = Provider()
    with serve(provider.application) as address:
        yield Rig(
            configuration=settings_of(address),
            secrets={"token": TOKEN},
            wrong_secrets={"token": "another-token"},
            event=EventFactory().make(data={"documents": []}),
            faults=provider.application,
            allowed=(address,),
            query=QUERY,
            absent=ABSENT,
        )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    provider = Provider()
    with serve(provider.application, host=place.host, port=place.port) as address:
        says = {
            "page": f"{address}/",
            "address": f"{address}{QUOTIENT}",
            "Authorization": f"Bearer {TOKEN}",
            "geocoder": f"{address}/geocodage/search",
        }
        yield Standing(provider.application, says)


DOUBLE = Double(
    name="lookup_http",
    french=WHAT,
    english="A provider of family quotients (by a token) and of addresses (open).",
    speaks="REST",
    kinds=KINDS,
    port=8219,
    open=standing,
)
