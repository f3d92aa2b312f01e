"""Reading what a SOAP application answers: an envelope, a fault, or something else altogether."""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import Any

from lxml import etree

from etoile.connectors.soap import markup
from etoile.connectors.soap.contract import Operation
from etoile.connectors.soap.shapes import values_of
from etoile.sdk import Response
from etoile.sdk.answers import Answer

SOAP = {"http://schemas.xmlsoap.org/soap/envelope/": "1.1", "http://www.w3.org/2003/05/soap-envelope": "1.2"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`codes`: the code and its subcodes, without prefix. `text`: the application's own words."""

    codes: tuple[str, ...]
    text: str
    detail: Any = None

    @property
    def code(self) -> str:
        return "/".join(self.codes)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `answer.is_json` tells that it is an envelope, whose content is `answer.body`; `why` it is none."""

    answer: Answer
    fault: Fault | None = None
    why: str = ""

    def values(self, event: Any = None) -> dict[str, Any]:
        """The variables of expressions."""
        fault = None
        if self.fault is not None:
            fault = {"code": self.fault.code, "text": self.fault.text, "detail": self.fault.detail}
        response = {**self.answer.for_expressions(), "fault": fault}
        return {"response": response} if event is None else {"response": response, "event": event}


def read(response: Response, operation: Operation) -> Reply:
    """Never raises: what is not an envelope is an answer like another, and `why` says what it is."""
    headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
    try:
        envelope = markup.read(*_root_part(response.body, headers.get("content-type", "")))
        body = _body(envelope)
        content = next((each for each in body if isinstance(each.tag, str)), None)
        if content is None:
            raise markup.Unreadable("l’enveloppe est vide")
    except markup.Unreadable as error:
        return Reply(Answer.read(response.status, response.headers, response.body), why=str(error))
    if etree.QName(content).namespace in SOAP and markup.local(content) == "Fault":
        return Reply(_answer(response.status, headers, None), _fault(content))
    return Reply(_answer(response.status, headers, operation.body_of(content)))


def _answer(status: int, headers: dict[str, str], body: Any) -> Answer:
    return Answer(status, headers, body, is_json=True, is_empty=False)


def _body(envelope: etree._Element) -> etree._Element:
    namespace = etree.QName(envelope).namespace
    if namespace not in SOAP or markup.local(envelope) != "Envelope":
        raise markup.Unreadable("ce n’est pas une enveloppe SOAP")
    body = envelope.find(f"{{{namespace}}}Body")
    if body is None:
        raise markup.Unreadable("l’enveloppe n’a pas de corps")
    return body


def _root_part(content: bytes, content_type: str) -> tuple[bytes, str | None]:
    """The envelope of an answer, alone or with parts beside it (MTOM), and the charset announced for it."""
    told = Message()
    told["content-type"] = content_type
    if told.get_content_type() != "multipart/related":
        return content, _charset(told)
    head = b"Content-Type: " + re.sub(r"[\r\n]", " ", content_type).encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser().parsebytes(head + content)
    parts = message.get_payload() if message.is_multipart() else []
    start = told.get_param("start")
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message) and (start is None or part.get("content-id") == start):
            found = part.get_payload(decode=True)
            return (found if isinstance(found, bytes) else b""), _charset(part)
    raise markup.Unreadable("l’enveloppe n’est pas parmi les parties de la réponse")


def _charset(message: Message) -> str | None:
    found = message.get_param("charset")
    return found if isinstance(found, str) and found else None


def _fault(fault: etree._Element) -> Fault:
    if etree.QName(fault).namespace.endswith("soap-envelope"):
        codes = tuple(_name(each.text) for each in fault.iterfind("{*}Code//{*}Value"))
        return Fault(codes, _text(fault.find("{*}Reason/{*}Text")), _detail(fault.find("{*}Detail")))
    # SOAP 1.1: unqualified by the specification, qualified by some all the same.
    codes = tuple(part for part in _name(_text(fault.find("{*}faultcode"))).split(".") if part)
    return Fault(codes, _text(fault.find("{*}faultstring")), _detail(fault.find("{*}detail")))


def _detail(element: etree._Element | None) -> Any:
    return None if element is None or not len(element) else values_of(element, None)


def _name(qualified: str | None) -> str:
    return (qualified or "").strip().rpartition(":")[2]


def _text(element: etree._Element | None) -> str:
    return " ".join(element.itertext()).strip() if element is not None else ""
