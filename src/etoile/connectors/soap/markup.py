"""Reading XML that came from outside: no DOCTYPE (so no entity of any kind), no network, in its own charset."""

import re

from lxml import etree

DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
PAGE = re.compile(r"\s*(<!doctype html|<html)\b", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(ValueError):
    """It is not XML that can be trusted. The text says why, in French, and holds nothing of the content."""


def read(content: bytes, charset: str | None = None) -> etree._Element:
    """The root element. `charset` is what HTTP announced: it comes before the declaration (RFC 7303)."""
    text = decoded(content, charset)
    if PAGE.match(text):
        raise Unreadable("c’est une page web ; un pare-feu ou un relais répond peut-être à sa place")
    if has_doctype(text):
        raise Unreadable("il contient un DOCTYPE, qui est refusé")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(DECLARATION.sub("", text, count=1).strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("ce n’est pas un texte complet et bien formé") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("il contient un DOCTYPE, qui est refusé")
    return root


def decoded(content: bytes, charset: str | None) -> str:
    mark = next((name for start, name in MARKS if content.startswith(start)), None)
    declared = DECLARED.match(content)
    name = mark or charset or (declared[1].decode() if declared else "utf-8")
    try:
        return content.decode(name)
    except (ValueError, LookupError):
        raise Unreadable("ses accents ne sont pas dans l’encodage annoncé") from None


def has_doctype(text: str) -> bool:
    """Whether the prologue holds a DOCTYPE, without parsing anything of it."""
    at = text.find("<")
    while at >= 0:
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
        else:
            return text.startswith("<!", at)
        at = text.find("<", end) if end >= 0 else -1
    return False


def local(element: etree._Element) -> str:
    return etree.QName(element).localname
