"""A simulated application for family services, in SOAP 1.1 and 1.2: its contract is invented, of no vendor.

`FamilyServices().application` is an ASGI application (Starlette, extra `demo`) behind the SDK's fault switch. It
refuses what its own XSD does not allow, and its own answers are validated against it before they leave. It knows
nothing of idempotency: asked twice, it writes twice.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etoile.connectors.soap.double_envelopes import MARKUP, XOP, Refused, answer, element, opened, refusal, refusal_to
from etoile.connectors.soap.security import WSSE, WSU, digest_of
from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, TELLING, About, Clock, Faults
from etoile.sdk.testing import EventFactory, serve

CONTRACT = Path(__file__).parent / "fixtures" / "famille"
FILES = {path.name: path.read_text(encoding="utf-8") for path in CONTRACT.iterdir()}
USERNAME, PASSWORD = "ville", "un-mot-de-passe"
# The names that two fields of the answers had not yesterday.
RENAMES = {"codeRetour": "code_retour", "numero": "num"}
KINDS = HTTP | TELLING | MARKUP
WHAT = "Un service d’inscriptions en SOAP 1.1 et 1.2, au contrat inventé, qui n’a pas idée de l’idempotence."
SEND = {
    "reference": "=event.data.case.reference",
    "demarche": "=event.data.procedure.title.fr",
    "deposeeLe": "2026-11-24",
    "responsable": {"nom": "DURAND", "prenom": "Zoé"},
}
PIECES = {
    "$documents": ["*"],
    "give": {"nom": "=document.name", "type": "=document.media_type", "contenu": {"$content": "base64"}},
}
LARGEST = 128 * 2**20
MAPPING = {
    "mapping": 1,
    "name": "inscriptions",
    "application": "famille",
    "type": "org.etoile.case.submitted.v1",
    "version": 1,
    "send": SEND,
    "return": {
        "number": "=answer.numero",
        "code": "=answer.etat.code",
        "label": "=answer.etat.libelle",
        "statuses": {"A_TRAITER": "received", "VALIDEE": "accepted"},
    },
}


def writes(scope: Any) -> bool:
    """Whether a request records something: every one is a POST, its SOAPAction tells."""
    headers = dict(scope["headers"])
    return b"enregistrer" in headers.get(b"soapaction", b"") + headers.get(b"content-type", b"")


class FamilyServices:
    """`records` holds what was written, in order; `calls` the operations asked; `faults` (the ASGI application) how it
    misbehaves; `fault`: a fault of SOAP of the test's own, for each request."""

    def __init__(self, *, secured: bool = True) -> None:
        self.secured = secured
        self.records: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.media: list[str] = []
        self.nonces: set[str] = set()
        self.fault: Refused | None = None
        self.absent: Refused | None = None
        self.untold: set[str] = set()
        self.clock = Clock()
        self.schema = etree.XMLSchema(etree.parse(CONTRACT / "types.xsd"))
        self.faults = self.application = Faults(
            Starlette(routes=[Route("/services", self.serve, methods=["GET", "POST"])]),
            kinds=KINDS,
            # Sent again by whoever is between, the same nonce would be refused: here the application itself doubles.
            own=frozenset({"duplicate"}),
            about=About("Services famille (SOAP)", WHAT, self.held, self.move),
            clock=self.clock,
            renames=RENAMES,
            writes=writes,
            refusal=refusal_to,
        )

    def held(self) -> list[dict[str, Any]]:
        """Each registration: its number, its reference, its state, its pieces; nothing of the person."""
        return [
            {
                "numero": one["numero"],
                "reference": one["reference"],
                "etat": one["etat"]["libelle"],
                "date": one["etat"]["date"],
                "pieces": [piece["nom"] for piece in one["pieces"]],
            }
            for one in self.records
        ]

    async def serve(self, request: Request) -> Response:
        if request.method == "GET":
            return Response((CONTRACT / "famille.wsdl").read_bytes(), media_type="text/xml")
        content_type = request.headers.get("content-type", "")
        self.media.append(content_type)
        envelope, parts = opened(await request.body(), content_type)
        soap = etree.QName(envelope).namespace
        try:
            if self.fault is not None:
                raise self.fault
            content = self._do(envelope, parts)
        except Refused as fault:
            return refusal(soap, fault)
        self.schema.assertValid(content)
        oddity = self.faults.strikes(*MARKUP)
        return answer(soap, content, oddity.fault if oddity else None)

    def move(self, number: str, code: str, label: str) -> None:
        """Change the state of a record, as somebody at the counter would."""
        record = next((one for one in self.records if one["numero"] == number), None)
        if record is None:
            raise KeyError(number)
        record["etat"] = {"code": code, "libelle": label, "date": self._now()}
        (self.untold.add if self.faults.strikes("lost_notification") else self.untold.discard)(number)

    def _now(self) -> str:
        return self.clock.tick().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _do(self, envelope: etree._Element, parts: dict[str, bytes]) -> etree._Element:
        if self.secured:
            self._identify(envelope)
        content = envelope.find("{*}Body")[0]
        for include in list(content.iter(XOP)):
            holder = include.getparent()
            holder.remove(include)
            holder.text = base64.b64encode(parts[include.get("href").removeprefix("cid:")]).decode()
        if not self.schema.validate(content):
            raise Refused("Client", "Message non conforme au contrat.")
        operation = etree.QName(content).localname
        self.calls.append(operation)
        return getattr(self, f"_{operation}")(content)

    def _identify(self, envelope: etree._Element) -> None:
        token = envelope.find(f"{{*}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
        if token is None:
            raise Refused("wsse:InvalidSecurity", "No security header")
        nonce, given = token.findtext(f"{{{WSSE}}}Nonce"), token.find(f"{{{WSSE}}}Password")
        created = token.findtext(f"{{{WSU}}}Created")
        age = abs(self.clock.now() - datetime.fromisoformat(created))
        if nonce in self.nonces or age > timedelta(minutes=5):
            raise Refused("wsse:MessageExpired", "Nonce already seen or message too old")
        self.nonces.add(nonce)
        digest = given.get("Type").endswith("#PasswordDigest")
        expected = digest_of(base64.b64decode(nonce), created, PASSWORD) if digest else PASSWORD
        if token.findtext(f"{{{WSSE}}}Username") != USERNAME or given.text != expected:
            raise Refused("wsse:FailedAuthentication", "The security token could not be authenticated")

    def _enregistrerInscription(self, content: etree._Element) -> etree._Element:  # noqa: N802 the contract's name
        if content.findtext("{*}demarche") == "fermee":
            return element("enregistrerInscriptionReponse", {"codeRetour": "KO", "message": "Activité complète"})
        pieces = [
            {"nom": each.findtext("{*}nom"), "contenu": base64.b64decode(each.findtext("{*}contenu"))}
            for each in content.iterfind("{*}piece")
        ]
        records = [self._record(content, pieces) for _ in range(2 if self.faults.strikes("duplicate") else 1)]
        return element("enregistrerInscriptionReponse", {"codeRetour": "OK", "inscription": _shown(records[0])})

    def _record(self, content: etree._Element, pieces: list[dict[str, Any]]) -> dict[str, Any]:
        number = f"FAM-{len(self.records) + 1:05d}"
        state = {"code": "A_TRAITER", "libelle": "À traiter", "date": self._now()}
        record = {"numero": number, "reference": content.findtext("{*}reference"), "etat": state}
        self.records.append({**record, "pieces": pieces, "demande": etree.tostring(content).decode()})
        return record

    def _rechercherInscription(self, content: etree._Element) -> etree._Element:  # noqa: N802
        wanted = content.findtext("{*}reference")
        found = next((one for one in self.records if one["reference"] == wanted), None)
        if found is None and self.absent is not None:
            raise self.absent
        shown: dict[str, Any] = {"trouve": "false"} if found is None else {"trouve": "1", "inscription": _shown(found)}
        return element("rechercherInscriptionReponse", shown)

    def _listerChangements(self, content: etree._Element) -> etree._Element:  # noqa: N802
        since = content.findtext("{*}depuis") or ""
        known = [one for one in self.records if one["numero"] not in self.untold]
        changed = [
            _shown(one) for one in sorted(known, key=lambda one: one["etat"]["date"]) if one["etat"]["date"] >= since
        ]
        if self.faults.strikes("out_of_order"):
            changed.reverse()
        return element("listerChangementsReponse", {"inscription": changed, "suite": "false"})

    def _version(self, content: etree._Element) -> etree._Element:
        return element("versionReponse", {"numero": "4.2"})


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("numero", "reference", "etat")}


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs."""
    family = FamilyServices()
    with serve(family.application) as address:
        yield Rig(
            # Time for a large document; a slow application is seen by the deadline of the delivery.
            configuration={
                **settings_of(address),
                "timeout": 60,
                "documents": {"mtom": True, "largest": LARGEST, "total": LARGEST},
            },
            secrets={"password": PASSWORD},
            wrong_secrets={"password": "un-autre"},
            mapping={**MAPPING, "send": {**SEND, "piece": PIECES}},
            event=EventFactory().make(data={"documents": []}),
            carries_documents=True,
            written=lambda: len(family.records),
            faults=family.faults,
            allowed=(address,),
            move=lambda number: family.move(number, "VALIDEE", "Validée"),
        )


def settings_of(url: str) -> dict[str, Any]:
    """The settings of the connector for the application at this address."""
    body = "response.body"
    return {
        "url": f"{url}/services",
        "contract": {"wsdl": "famille.wsdl", "files": FILES},
        "timeout": 5,
        "security": {"username": USERNAME},
        "operation": "enregistrerInscription",
        "success": {
            "when": f"{body}.codeRetour == 'OK'",
            "external_id": f"{body}.inscription.numero",
            "refusal": f"{body}.message",
            "item": f"{body}.inscription",
        },
        "errors": [
            {"fault_code": "FAM-12", "outcome": "business_no", "message": "L’enfant est trop jeune."},
            {"fault_text": "*verrou*", "outcome": "retry", "message": "Le dossier est ouvert ailleurs.", "after": 7},
            {
                "when": "has(response.body.codeRetour) && response.body.codeRetour == 'KO'",
                "outcome": "business_no",
                "message": "=response.body.message",
            },
        ],
        "lookup": {
            "operation": "rechercherInscription",
            "request": {"reference": "=event.data.case.reference"},
            "found": f"{body}.trouve",
            "external_id": f"{body}.inscription.numero",
            "item": f"{body}.inscription",
        },
        "poll": {
            "operation": "listerChangements",
            "request": {"depuis": "=since"},
            "items": f"{body}.inscription",
            "position": "item.etat.date",
        },
        "check": {"operation": "version"},
    }


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A service for whoever tries things by hand."""
    family = FamilyServices()
    with serve(family.application, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "address": f"{address}/services", "contract": str(CONTRACT)}
        yield Standing(family.faults, says | {"UsernameToken": f"{USERNAME} / {PASSWORD}"})


DOUBLE = Double(
    name="soap",
    french=WHAT,
    english="Registrations by SOAP 1.1 and 1.2, of an invented contract, by an application without idempotency.",
    speaks="SOAP",
    kinds=KINDS,
    port=8212,
    open=standing,
)
