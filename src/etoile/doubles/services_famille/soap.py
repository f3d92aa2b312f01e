"""SOAP 1.1 as the server of this vendor speaks it: envelopes, WS-Security, faults, answers valid for its contract."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from etoile.sdk.faults import Clock

CONTRACT = Path(__file__).with_name("contract")
WSDL, XSD = CONTRACT / "famille.wsdl", CONTRACT / "famille.xsd"
TYPES = "urn:simulation:portail-famille:types"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = OASIS + "wssecurity-secext-1.0.xsd", OASIS + "wssecurity-utility-1.0.xsd"
USERNAME = "ville"
MOST_BYTES = 40 * 2**20
FRESH = timedelta(minutes=5)

Operation = Callable[[etree._Element], dict[str, Any]]


class Fault(Exception):
    """A SOAP fault: `Client`, `Server`, or a code of WS-Security, and the vendor's words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class Server:
    """`operations`: by name, what each makes of the content of its request; `password()` is read at each call."""

    def __init__(self, operations: Mapping[str, Operation], password: Callable[[], str], clock: Clock) -> None:
        self._operations = operations
        self._password = password
        self._clock = clock
        self._schema = etree.XMLSchema(etree.parse(XSD))
        self._nonces: set[str] = set()

    async def serve(self, request: Request) -> Response:
        if request.method == "GET":
            return Response(WSDL.read_bytes(), media_type="text/xml")
        body = await request.body()
        try:
            return _enveloped(self._done(body))
        except Fault as fault:
            return _enveloped(_faulted(fault), 500)

    def _done(self, body: bytes) -> etree._Element:
        content = self._content(body)
        name = etree.QName(content).localname
        answer = element(f"{name}Reponse", self._operations[name](content))
        self._schema.assertValid(answer)
        return answer

    def _content(self, body: bytes) -> etree._Element:
        if len(body) > MOST_BYTES:
            raise Fault("Client", "Message trop volumineux.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            envelope = etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            raise Fault("Client", "Le message n’est pas du XML.") from None
        self._identify(envelope)
        content = next(envelope.iterfind(f"{{{SOAP}}}Body/*"), None)
        if content is None or not self._schema.validate(content):
            raise Fault("Client", "Message non conforme au contrat.")
        if etree.QName(content).localname not in self._operations:
            raise Fault("Client", "Opération inconnue.")
        return content

    def _identify(self, envelope: etree._Element) -> None:
        """UsernameToken with a digest, as the profile 1.1 says: fresh, never seen, and of the town."""
        token = envelope.find(f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
        if token is None:
            raise Fault("wsse:InvalidSecurity", "En-tête de sécurité absent.")
        nonce, created = token.findtext(f"{{{WSSE}}}Nonce", ""), token.findtext(f"{{{WSU}}}Created", "")
        try:
            salted = base64.b64decode(nonce) + created.encode()
            old = abs(self._clock.now() - datetime.fromisoformat(created)) > FRESH
        except (ValueError, TypeError):
            raise Fault("wsse:InvalidSecurity", "En-tête de sécurité illisible.") from None
        if old or nonce in self._nonces:
            raise Fault("wsse:MessageExpired", "Message trop ancien ou déjà reçu.")
        whole = hashlib.sha1(salted + self._password().encode(), usedforsecurity=False).digest()
        given = token.findtext(f"{{{WSSE}}}Password", "")
        known = secrets.compare_digest(given.encode(), base64.b64encode(whole))
        if token.findtext(f"{{{WSSE}}}Username") != USERNAME or not known:
            raise Fault("wsse:FailedAuthentication", "Identifiant ou mot de passe inconnu.")
        self._nonces.add(nonce)


def element(name: str, content: Any) -> etree._Element:
    """An element of the contract from a tree: groups are objects, what is repeated a list, what is None left out."""
    made = etree.Element(f"{{{TYPES}}}{name}", nsmap={None: TYPES})
    if not isinstance(content, dict):
        made.text = str(content)
        return made
    for child, value in content.items():
        made.extend(
            element(child, each) for each in (value if isinstance(value, list) else [value]) if each is not None
        )
    return made


def tree(content: etree._Element) -> Any:
    """An element as a tree of texts, for the page: names met twice are a list."""
    if not len(content):
        return (content.text or "").strip()
    found: dict[str, Any] = {}
    for child in content.iterchildren("*"):
        name, value = etree.QName(child).localname, tree(child)
        if name not in found:
            found[name] = value
        else:
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before]), value]
    return found


def _faulted(fault: Fault) -> etree._Element:
    told = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP, "wsse": WSSE})
    etree.SubElement(told, "faultcode").text = fault.code if ":" in fault.code else f"soap:{fault.code}"
    etree.SubElement(told, "faultstring").text = str(fault)
    return told


def _enveloped(content: etree._Element, status: int = 200) -> Response:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "wsse": WSSE})
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    body = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return Response(body, status, media_type="text/xml; charset=utf-8")
