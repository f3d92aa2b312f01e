"""From the data of a question to a `Field`."""

import re

from etoile.gru.forms import definition as shape
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.reader import Reader
from etoile.gru.forms.rules import Prefill

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
ATTRIBUTE = re.compile(r"[a-z][a-z0-9_.]{0,63}")
PRIVACIES = ("ordinary", "sensitive", "none")
PREFILLS = ("account", "link", "lookup")


def read_declaration(r: Reader) -> shape.Field:
    read = shape.Field(
        id=r.word("id", pattern=IDENTIFIER, required=True),
        type="declaration",
        label=r.text("label", required=True),
        hint=r.text("hint"),
        purpose=r.text("purpose"),
        required=r.flag("required", default=True),
        privacy="none",
    )
    r.nothing_else()
    return read


def read_field(r: Reader) -> shape.Field:
    kind = r.word("type", required=True)
    read = shape.Field(
        id=r.word("id", pattern=IDENTIFIER, required=True),
        type=kind,
        label=r.text("label"),
        hint=r.text("hint"),
        purpose=r.text("purpose"),
        required=r.flag("required"),
        required_when=r.condition("required_when"),
        visible_when=r.condition("visible_when"),
        privacy=r.word("privacy", among=PRIVACIES) or _usual_privacy(kind),
        source=r.word("source") or "entered",
        autocomplete=r.word("autocomplete"),
        applicant=r.word("applicant", among=shape.APPLICANT_KEYS),
        document=r.word("document"),
        options=tuple(_option(each) for each in r.each("options")),
        settings=r.tree("settings") or {},
        fields=_children(r),
        prefill=_prefill(r),
        readonly_when_prefilled=r.flag("readonly_when_prefilled"),
    )
    r.nothing_else()
    return read


def _usual_privacy(kind: str) -> str:
    return TYPES[kind].privacy if kind in TYPES else "ordinary"


def _option(r: Reader) -> shape.Option:
    read = shape.Option(r.word("value", required=True), r.text("label", required=True), r.text("hint"))
    r.nothing_else()
    return read


def _children(r: Reader) -> tuple[shape.Field, ...]:
    return tuple(read_field(each) for each in r.each("fields"))


def _prefill(r: Reader) -> Prefill | None:
    if not r.has("prefill"):
        return None
    inner = r.inside("prefill")
    read = Prefill(
        inner.word("from", among=PREFILLS, required=True),
        inner.word("attribute", pattern=ATTRIBUTE, required=True),
    )
    inner.nothing_else()
    return read
