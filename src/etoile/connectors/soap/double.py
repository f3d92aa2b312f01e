"""A simulated application for family services, in SOAP 1.1 and 1.2: its contract is invented, of no vendor.

`FamilyServices().application` is an ASGI application (Starlette, extra `demo`) behind the SDK's fault switch. It
refuses what its own XSD does not allow, and its own answers are validated against it before they leave. It knows
nothing of idempotency: asked twice, it writes twice. `POST /_double/soap` arms what only SOAP applications do wrong.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.connectors.soap.security import WSSE, WSU, digest_of
from etoile.sdk.faults import Faults

CONTRACT = Path(__file__).parent / "fixtures" / "famille"
USERNAME, PASSWORD = "ville", "un-mot-de-passe"
NS = "urn:simulation:services-famille:types"
ENVELOPES = {
    "http://schemas.xmlsoap.org/soap/envelope/": "text/xml",
    "http://www.w3.org/2003/05/soap-envelope": "application/soap+xml",
}
XOP = "{http://www.w3.org/2004/08/xop/include}Include"
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
STEAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
ODDITIES = frozenset(
    {"wrong_charset", "latin1", "truncated_xml", "renamed", "bomb", "external_entity", "with_parts", "empty_envelope"}
)


class Refused(Exception):
    """A SOAP fault: its code (`Client`, `Server`, or one of WS-Security) and its words."""

    def __init__(self, code: str, words: str, status: int = 500) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


class FamilyServices:
    """`records` holds what was written, in order; `calls` the operations asked; `oddity` how it misbehaves."""

    def __init__(self, *, secured: bool = True) -> None:
        self.secured = secured
        self.records: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.media: list[str] = []
        self.nonces: set[str] = set()
        self.oddity: str | None = None
        self.fault: Refused | None = None
        self.absent: Refused | None = None
        self.clock = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        self.schema = etree.XMLSchema(etree.parse(CONTRACT / "types.xsd"))
        routes = [
            Route("/services", self.serve, methods=["GET", "POST"]),
            Route("/_double/soap", self.control, methods=["POST"]),
            Route("/", self.page),
        ]
        self.application = Faults(Starlette(routes=routes))

    async def control(self, request: Request) -> Response:
        """`{"oddity": "latin1"}` or `{"code": "Server", "text": "…"}`; `{}` clears."""
        wanted = json.loads(await request.body() or b"{}")
        if wanted.get("oddity") not in (None, *ODDITIES):
            return JSONResponse({"detail": f"expected one of {', '.join(sorted(ODDITIES))}"}, 400)
        self.oddity = wanted.get("oddity")
        self.fault = Refused(wanted["code"], wanted.get("text", "")) if wanted.get("code") else None
        return JSONResponse({"oddity": self.oddity, "kinds": sorted(ODDITIES)})

    async def page(self, request: Request) -> Response:
        held = [{"numero": one["numero"], "etat": one["etat"]} for one in self.records]
        return JSONResponse({"application": "Services famille (simulation)", "inscriptions": held})

    async def serve(self, request: Request) -> Response:
        if request.method == "GET":
            return Response((CONTRACT / "famille.wsdl").read_bytes(), media_type="text/xml")
        content_type = request.headers.get("content-type", "")
        self.media.append(content_type)
        envelope, parts = _opened(await request.body(), content_type)
        soap = etree.QName(envelope).namespace
        try:
            if self.fault is not None:
                raise self.fault
            return self._answer(soap, self._do(envelope, parts))
        except Refused as fault:
            return self._refusal(soap, fault)

    def move(self, number: str, code: str, label: str) -> None:
        """Change the state of a record, as somebody at the counter would."""
        record = next(one for one in self.records if one["numero"] == number)
        record["etat"] = {"code": code, "libelle": label, "date": self._now()}

    def _now(self) -> str:
        self.clock += timedelta(seconds=1)
        return self.clock.isoformat().replace("+00:00", "Z")

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
        age = abs(datetime.now(UTC) - datetime.fromisoformat(created))
        if nonce in self.nonces or age > timedelta(minutes=5):
            raise Refused("wsse:MessageExpired", "Nonce already seen or message too old")
        self.nonces.add(nonce)
        digest = given.get("Type").endswith("#PasswordDigest")
        expected = digest_of(base64.b64decode(nonce), created, PASSWORD) if digest else PASSWORD
        if token.findtext(f"{{{WSSE}}}Username") != USERNAME or given.text != expected:
            raise Refused("wsse:FailedAuthentication", "The security token could not be authenticated")

    def _enregistrerInscription(self, content: etree._Element) -> etree._Element:  # noqa: N802 the contract's name
        if content.findtext("{*}demarche") == "fermee":
            return _element("enregistrerInscriptionReponse", {"codeRetour": "KO", "message": "Activité complète"})
        number = f"FAM-{len(self.records) + 1:05d}"
        state = {"code": "A_TRAITER", "libelle": "À traiter", "date": self._now()}
        pieces = [
            {"nom": each.findtext("{*}nom"), "contenu": base64.b64decode(each.findtext("{*}contenu"))}
            for each in content.iterfind("{*}piece")
        ]
        record = {"numero": number, "reference": content.findtext("{*}reference"), "etat": state}
        self.records.append({**record, "pieces": pieces, "demande": etree.tostring(content).decode()})
        return _element("enregistrerInscriptionReponse", {"codeRetour": "OK", "inscription": record})

    def _rechercherInscription(self, content: etree._Element) -> etree._Element:  # noqa: N802
        wanted = content.findtext("{*}reference")
        found = next((one for one in self.records if one["reference"] == wanted), None)
        if found is None and self.absent is not None:
            raise self.absent
        shown: dict[str, Any] = {"trouve": "false"} if found is None else {"trouve": "1", "inscription": _shown(found)}
        return _element("rechercherInscriptionReponse", shown)

    def _listerChangements(self, content: etree._Element) -> etree._Element:  # noqa: N802
        since = content.findtext("{*}depuis") or ""
        changed = [_shown(one) for one in self.records if one["etat"]["date"] >= since]
        return _element("listerChangementsReponse", {"inscription": changed, "suite": "false"})

    def _version(self, content: etree._Element) -> etree._Element:
        return _element("versionReponse", {"numero": "4.2"})

    def _answer(self, soap: str, content: etree._Element) -> Response:
        self.schema.assertValid(content)
        if self.oddity == "renamed":
            for each in content.iter():
                each.tag = each.tag.replace("codeRetour", "code_retour").replace("numero", "num")
        envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap})
        body = etree.SubElement(envelope, f"{{{soap}}}Body")
        if self.oddity != "empty_envelope":
            body.append(content)
        return self._sent(ENVELOPES[soap], etree.tostring(envelope, encoding="unicode"))

    def _sent(self, media: str, text: str) -> Response:
        declared = '<?xml version="1.0" encoding="{}"?>'
        utf8 = declared.format("UTF-8")
        match self.oddity:
            case "wrong_charset":
                # Latin-1 bytes under a declaration of UTF-8; the comment makes sure that there is an accent.
                return Response((utf8 + "<!--é-->" + text).encode("latin-1"), media_type=media + "; charset=utf-8")
            case "latin1":
                content = (declared.format("ISO-8859-1") + text).encode("latin-1", "xmlcharrefreplace")
                return Response(content, media_type=media + "; charset=iso-8859-1")
            case "truncated_xml":
                return Response((utf8 + text[: len(text) // 2]).encode(), media_type=media)
            case "bomb":
                return Response((utf8 + BOMB + text.replace("OK", "&e;")).encode(), media_type=media)
            case "external_entity":
                return Response((utf8 + STEAL + text.replace("OK", "&e;")).encode(), media_type=media)
            case "with_parts":
                head = f'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="{media}"\r\n'
                head += "Content-ID: <r>\r\n\r\n"
                kind = f'multipart/related; type="application/xop+xml"; start="<r>"; start-info="{media}"; boundary=b'
                return Response(f"{head}{text}\r\n--b--\r\n".encode(), headers={"content-type": kind})
        return Response((utf8 + text).encode(), media_type=media + "; charset=utf-8")

    def _refusal(self, soap: str, fault: Refused) -> Response:
        prefix, _, name = fault.code.rpartition(":")
        spaces = {"soap": soap, "wsse": WSSE}
        envelope = etree.Element(f"{{{soap}}}Envelope", nsmap=spaces)
        told = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Body"), f"{{{soap}}}Fault")
        if soap.endswith("soap-envelope"):
            standard = {"Client": "Sender", "Server": "Receiver"}.get(name, "Sender" if prefix else name)
            code = etree.SubElement(told, f"{{{soap}}}Code")
            etree.SubElement(code, f"{{{soap}}}Value").text = f"soap:{standard}"
            if prefix:
                below = etree.SubElement(code, f"{{{soap}}}Subcode")
                etree.SubElement(below, f"{{{soap}}}Value").text = fault.code
            etree.SubElement(etree.SubElement(told, f"{{{soap}}}Reason"), f"{{{soap}}}Text").text = fault.words
        else:
            etree.SubElement(told, "faultcode").text = fault.code if prefix else f"soap:{fault.code}"
            etree.SubElement(told, "faultstring").text = fault.words
        content = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
        return Response(content, fault.status, media_type=ENVELOPES[soap])


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("numero", "reference", "etat")}


def _element(name: str, content: dict[str, Any]) -> etree._Element:
    element = etree.Element(f"{{{NS}}}{name}", nsmap={None: NS})
    for child, value in content.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                element.append(_element(child, each))
            else:
                etree.SubElement(element, f"{{{NS}}}{child}").text = str(each)
    return element


def _opened(content: bytes, content_type: str) -> tuple[etree._Element, dict[str, bytes]]:
    """The envelope and the parts beside it, by content identifier."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    if not content_type.startswith("multipart/related"):
        return etree.fromstring(content, parser), {}
    message: Any = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
    root, *others = message.get_payload()
    parts = {str(part["content-id"]).strip("<>"): part.get_payload(decode=True) for part in others}
    return etree.fromstring(root.get_payload(decode=True), parser), parts
