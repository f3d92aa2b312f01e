"""What may be kept of an exchange about one message: nothing of a person, no secret.

What goes out is made of the message, whatever a mapping did to it: of its values only those that the contract marks as
open (references, slugs, types, states) or that an operator wrote in the subscription stay readable. What comes back is
the application's: only the words with which it explains itself are kept, without anything that the message holds of a
person, nor what looks like an address, a telephone or an account number.
"""

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from lxml import etree

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.sdk.answers import E_MAIL, LONG_NUMBER
from etoile.sdk.door import Part

MASK = "…"
# A word shorter than this says little alone, and hiding it everywhere would hide the application's words.
SHORT, FEW, LONG_TEXT, SHORTEST_SECRET = 4, 2, 100, 4
WORD = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
MANY_DIGITS = re.compile(r"\w*\d{9}\w*")
CREDENTIALS = re.compile(r"\b(Basic|Bearer|Digest|Token)\s+[^\s,;\"'<>]+", re.IGNORECASE)
# The names under which applications say what is wrong, or which number they gave. `errors` and its like hold objects.
EXPLAINING = frozenset({
    "champ", "cause", "code", "detail", "details", "error", "error_description", "errors", "etat", "exception",
    "external_id", "fault", "faultcode", "faultstring", "field", "id", "instance", "loc", "message", "messages",
    "motif", "msg", "number", "numero", "ok", "path", "pointer", "reason", "reference", "request_id", "state",
    "status", "statut", "success", "text", "title", "trace_id", "type", "uuid", "valid",
})  # fmt: skip
BELOW = frozenset({"errors", "error", "detail", "details", "messages", "fault"})
TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.IGNORECASE | re.DOTALL)
PAGE = re.compile(r"<html|<!doctype html", re.IGNORECASE)
LARGEST = 256 * 1024


@dataclass(frozen=True)
class Redaction:
    """For the exchanges of one message. `written`: what an operator wrote of the subscription, read only when needed.

    `secrets` are never shown, in any form.
    """

    event: Event
    written: Any
    secrets: tuple[str, ...]

    def request(self, sent: Any) -> str:
        """A JSON value, a form, parts or a text: its structure, with only what is open."""
        if isinstance(sent, bytes | str):
            sent = _parsed(sent)
        if isinstance(sent, str):
            return _xml(sent, lambda name, text: self.opened(text)) or _size(sent)
        if isinstance(sent, list | tuple) and all(isinstance(each, Part) for each in sent):
            return " ".join(f"[{self.words(part.name)}] {self._part(part)}" for part in sent)
        return _dumped(self._only_open(sent))

    def response(self, content: bytes) -> str:
        """The application's own explanations, whatever it answered with."""
        parsed = _parsed(content)
        if not isinstance(parsed, str):
            return _dumped(self._explanations(parsed, told=False))
        if PAGE.search(parsed[:2000]):
            return self.words(" ".join(TAGS.sub(" ", parsed).split()))
        if parsed.lstrip()[:1] in ("<", "{", "["):
            return _xml(parsed, self._explanation) or _size(parsed)
        return self.words(parsed)

    def words(self, text: str) -> str:
        """A text of the application, without what it repeats of the message, and without what looks like a person's."""
        for form in self._secret_forms:
            text = text.replace(form, MASK)
        text = CREDENTIALS.sub(rf"\1 {MASK}", text)
        text = LONG_NUMBER.sub(MASK, E_MAIL.sub(MASK, text))
        return WORD.sub(self._word, text)

    def url(self, url: str) -> str:
        """An address: its path in the words of the application's, the values of its query hidden unless open."""
        parts = urlsplit(url)
        if not parts.query and url in constants(self.written):
            return url
        path = "/".join(quote(self.words(unquote(each)), safe=f"{MASK}:@,;+'()!*$") for each in parts.path.split("/"))
        query = [(self.words(name), self.opened(value)) for name, value in parse_qsl(parts.query, True)]
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe=MASK), ""))

    def opened(self, value: str) -> str:
        """The value if it is known to be open, or hidden."""
        return value if len(value) >= SHORT and value in self._shown else str(self.masked(value))

    def masked(self, value: Any) -> Any:
        """What stands for a value that is not shown."""
        return MASK

    def _only_open(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self.words(str(name)): self._only_open(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._only_open(each) for each in value]
        if value is None or value == "":
            return value
        return self.opened(value) if isinstance(value, str) else self.masked(value)

    def _explanations(self, value: Any, *, told: bool) -> Any:
        if isinstance(value, dict):
            return {
                self.words(name): self._explanations(each, told=_explains(name, each, told))
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._explanations(each, told=told) for each in value]
        if value is None or value == "":
            return value
        if not told:
            return self.opened(value) if isinstance(value, str) else self.masked(value)
        return self.words(value) if isinstance(value, str) else value

    def _explanation(self, name: str, text: str) -> str:
        return self.words(text) if name.lower() in EXPLAINING else MASK

    def _part(self, part: Part) -> str:
        return self.request(part.content) if isinstance(part.content, bytes | str) else MASK

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        return MASK if _folded(word) in self._personal or MANY_DIGITS.fullmatch(word) else word

    @cached_property
    def _secret_forms(self) -> list[str]:
        return secret_forms(self.secrets)

    @cached_property
    def _shown(self) -> frozenset[str]:
        """What may be read: the open values and what the operator wrote, unless the message says it of a person too."""
        event = self.event
        attributes = [event.id, event.source, event.type, event.subject, event.authority, event.correlationid or "",
                      event.dataschema or ""]  # fmt: skip
        hidden = {each for each in (*self._closed, *self.secrets) if len(each) >= SHORT}
        # A subject may be made of a person's identifier.
        apart = {text for text in attributes if not any(each in text for each in hidden)}
        opened = {str(each) for each in schemas.marked(event, "open") if each is not None}
        return frozenset(apart | ({*opened, *constants(self.written)} - hidden))

    @cached_property
    def _closed(self) -> tuple[str, ...]:
        """All that the message says and that is not known to be open, as texts."""
        closed = schemas.rewrite(self.event, "open", lambda value: None).data
        values = [*_leaves(closed), *self.event.extensions.values()]
        return tuple(str(each) for each in values if not isinstance(each, bool))

    @cached_property
    def _personal(self) -> frozenset[str]:
        """The words of what is closed, folded. Of a long text only names and numbers: its other words are anyone's.

        The parts of an identifier stay open where an open identifier has them too: those of one moment look alike.
        """
        names: set[str] = set()
        others: set[str] = set()
        for text in self._closed:
            words = WORD.findall(text if len(text) > LONG_TEXT else _folded(text))
            if len(words) <= FEW:
                names.update(_folded(word) for word in words)
            elif len(text) > LONG_TEXT:
                others.update(_folded(word) for word in words if word[0].isupper() or DIGIT.search(word))
            else:
                others.update(word for word in words if len(word) >= SHORT)
        open_words = WORD.findall(_folded(" ".join(self._shown)))
        return frozenset(names | (others - {word for word in open_words if DIGIT.search(word)}))


def secret_forms(secrets: Iterable[str]) -> list[str]:
    """The secrets as they may be written in an exchange, longest first. One too short would hide words of anyone."""
    forms = set()
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            forms |= {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}
    return sorted(forms, key=len, reverse=True)


def clean(text: str) -> str:
    """Fit for PostgreSQL: neither NUL nor half of a character."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def constants(tree: Any) -> Iterator[str]:
    """The texts an operator wrote in a configuration or a mapping, formulas left out."""
    return (each for each in _leaves(tree) if isinstance(each, str) and not each.startswith("="))


def _explains(name: str, value: Any, told: bool) -> bool:
    lowered = name.lower()
    if isinstance(value, dict | list):
        return told or lowered in BELOW or (lowered in EXPLAINING and isinstance(value, list))
    return told or lowered in EXPLAINING


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    elif value is not None and value != "":
        yield value


def _parsed(content: bytes | str) -> Any:
    """What JSON says, or the text. Too large to be read, only its first part, so that it is not JSON any more."""
    text = content[:LARGEST] if isinstance(content, str) else content[:LARGEST].decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _xml(text: str, shown: Callable[[str, str], str]) -> str:
    """The document with each text and attribute as `shown(name, value)` gives it; empty when it is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(root, etree.Entity, with_tail=False)
    for element in root.iter():
        name = etree.QName(element).localname
        if element.text and element.text.strip():
            element.text = shown(name, element.text.strip())
        if element.tail and element.tail.strip():
            element.tail = MASK
        for attribute, value in element.items():
            element.set(attribute, shown("", value))
    return str(etree.tostring(root, encoding="unicode"))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _size(text: str) -> str:
    return f"{MASK} ({len(text)})"


def _folded(word: str) -> str:
    if word.isascii():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
