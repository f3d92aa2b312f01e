"""The envelopes of the simulated application: read as they come, written as they should, or as they should not."""

from email.parser import BytesParser
from typing import Any

from lxml import etree
from starlette.responses import Response

from etoile.connectors.soap.security import WSSE
from etoile.sdk.faults import Fault

NS = "urn:simulation:services-famille:types"
SOAP11, SOAP12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
ENVELOPES = {SOAP11: "text/xml", SOAP12: "application/soap+xml"}
XOP = "{http://www.w3.org/2004/08/xop/include}Include"
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
STEAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
# What only an application in XML does wrong.
MARKUP = frozenset({"latin1", "with_parts", "bomb", "external_entity", "empty_envelope"})


class Refused(Exception):
    """A SOAP fault: its code (`Client`, `Server`, or one of WS-Security) and its words."""

    def __init__(self, code: str, words: str, status: int = 500) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


# The kinds of fault that an application in SOAP tells by a fault of SOAP, where one in REST has a status.
REFUSALS = {
    "unauthorized": Refused("wsse:MessageExpired", "The security token has expired"),
    "refuse": Refused("Client", "Le champ « lieu » est inconnu de l’application."),
    "error": Refused("Server", "Erreur interne de l’application"),
}


def refusal_to(fault: Fault, scope: Any) -> tuple[int, str, str] | None:
    """The fault of SOAP that tells this kind, in the version in which the request was made."""
    if fault.fault not in REFUSALS:
        return None
    kind = dict(scope["headers"]).get(b"content-type", b"")
    told = refusal(SOAP12 if b"application/soap+xml" in kind else SOAP11, REFUSALS[fault.fault])
    return told.status_code, told.headers["content-type"], bytes(told.body).decode()


def answer(soap: str, content: etree._Element, kind: str | None) -> Response:
    """The envelope around `content`, spoilt in the way of `kind` (one of MARKUP)."""
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap})
    body = etree.SubElement(envelope, f"{{{soap}}}Body")
    if kind != "empty_envelope":
        body.append(content)
    media, text = ENVELOPES[soap], etree.tostring(envelope, encoding="unicode")
    declared = '<?xml version="1.0" encoding="{}"?>'
    utf8 = declared.format("UTF-8")
    match kind:
        case "latin1":
            sent = (declared.format("ISO-8859-1") + text).encode("latin-1", "xmlcharrefreplace")
            return Response(sent, media_type=media + "; charset=iso-8859-1")
        case "bomb":
            return Response((utf8 + BOMB + text.replace("OK", "&e;")).encode(), media_type=media)
        case "external_entity":
            return Response((utf8 + STEAL + text.replace("OK", "&e;")).encode(), media_type=media)
        case "with_parts":
            head = f'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="{media}"\r\n'
            head += "Content-ID: <r>\r\n\r\n"
            parts = f'multipart/related; type="application/xop+xml"; start="<r>"; start-info="{media}"; boundary=b'
            return Response(f"{head}{text}\r\n--b--\r\n".encode(), headers={"content-type": parts})
    return Response((utf8 + text).encode(), media_type=media + "; charset=utf-8")


def refusal(soap: str, fault: Refused) -> Response:
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


def element(name: str, content: dict[str, Any]) -> etree._Element:
    made = etree.Element(f"{{{NS}}}{name}", nsmap={None: NS})
    for child, value in content.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                made.append(element(child, each))
            else:
                etree.SubElement(made, f"{{{NS}}}{child}").text = str(each)
    return made


def opened(content: bytes, content_type: str) -> tuple[etree._Element, dict[str, bytes]]:
    """The envelope and the parts beside it, by content identifier."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    if not content_type.startswith("multipart/related"):
        return etree.fromstring(content, parser), {}
    message: Any = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
    root, *others = message.get_payload()
    parts = {str(part["content-id"]).strip("<>"): part.get_payload(decode=True) for part in others}
    return etree.fromstring(root.get_payload(decode=True), parser), parts
