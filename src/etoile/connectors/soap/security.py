"""WS-Security UsernameToken (OASIS, profile 1.1): who we are, in the header of the envelope."""

import base64
import hashlib
import os
from datetime import UTC, datetime

from lxml import etree

OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = OASIS + "wssecurity-secext-1.0.xsd"
WSU = OASIS + "wssecurity-utility-1.0.xsd"
PROFILE = OASIS + "username-token-profile-1.0"
BASE64 = OASIS + "soap-message-security-1.0#Base64Binary"


def sign(envelope: etree._Element, username: str, password: str, *, digest: bool, must_understand: bool) -> None:
    """Adds the header; a new nonce each time, since a server that knows one refuses it."""
    soap = etree.QName(envelope).namespace
    header = envelope.find(f"{{{soap}}}Header")
    if header is None:
        header = etree.Element(f"{{{soap}}}Header")
        envelope.insert(0, header)
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE, "wsu": WSU})
    if must_understand:
        security.set(f"{{{soap}}}mustUnderstand", "1")
    token = etree.SubElement(security, f"{{{WSSE}}}UsernameToken")
    nonce, created = os.urandom(16), datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    _child(token, WSSE, "Username", username)
    kind, shown = ("PasswordDigest", digest_of(nonce, created, password)) if digest else ("PasswordText", password)
    _child(token, WSSE, "Password", shown).set("Type", f"{PROFILE}#{kind}")
    _child(token, WSSE, "Nonce", base64.b64encode(nonce).decode()).set("EncodingType", BASE64)
    _child(token, WSU, "Created", created)


def digest_of(nonce: bytes, created: str, password: str) -> str:
    """Base64(SHA-1(nonce + created + password)), as the profile says."""
    whole = nonce + created.encode() + password.encode()
    return base64.b64encode(hashlib.sha1(whole, usedforsecurity=False).digest()).decode()


def _child(parent: etree._Element, namespace: str, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = text
    return element
