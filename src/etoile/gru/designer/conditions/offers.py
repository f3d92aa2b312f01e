"""What a condition may say of a question: the comparisons that make sense for its type, and the answer awaited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sentences import operator_words
from etoile.gru.forms.texts import NOTHING

YES_NO, CHOICE, SEVERAL, NUMBER, AMOUNT, DAY, COUNT, TEXT, STATE, ANY = (
    "yes_no", "choice", "several", "number", "amount", "day", "count", "text", "state", "any",
)  # fmt: skip

_FILLED = ("filled", "empty")
_ORDER = ("equals", "gte", "lte", "gt", "lt")
OPERATORS: dict[str, tuple[str, ...]] = {
    YES_NO: ("equals", *_FILLED),
    CHOICE: ("equals", "not_equals", "in", "not_in", *_FILLED),
    SEVERAL: ("includes", "excludes", *_FILLED),
    NUMBER: (*_ORDER, "not_equals", *_FILLED),
    AMOUNT: (*_ORDER, *_FILLED),
    DAY: (*_ORDER, *_FILLED),
    COUNT: ("gte", "lte", "equals", *_FILLED),
    TEXT: ("equals", "not_equals", *_FILLED),
    STATE: ("equals", "not_equals"),
    ANY: _FILLED,
}
# What conditions see of these is one part of what is kept.
_BY_TYPE = {"repeated": COUNT, "reference": TEXT, "linked": TEXT, "lookup": STATE, "quotient_familial": NUMBER}
STATES: dict[str, str | Promise] = {
    "fetched": gettext_lazy("obtenue"),
    "unavailable": gettext_lazy("pas obtenue"),
    "idle": gettext_lazy("pas encore demandée"),
}
# How an amount is read and said outside of any question.
EUROS = Field("", "amount", NOTHING)
SEVERAL_VALUES = ("in", "not_in")


@dataclass(frozen=True, slots=True)
class WrongValue(Exception):
    """What was typed is no such answer; the sentence says what to write."""

    message: str


def sort_of(each: Field) -> str:
    """How its answers compare, from the schema of the value kept."""
    kind = TYPES[each.type]
    if each.type in _BY_TYPE:
        return _BY_TYPE[each.type]
    if kind.holds_files:
        return ANY
    schema = kind.schema(each)
    of_type = schema.get("type")
    if each.type == "amount" or each.settings.get("result") == "amount":
        return AMOUNT
    if of_type == "array":
        return SEVERAL if each.options else ANY
    if each.options:
        return CHOICE
    if of_type == "string" and schema.get("format") == "date":
        return DAY
    return {"boolean": YES_NO, "integer": NUMBER, "number": NUMBER, "string": TEXT}.get(str(of_type), ANY)


def operators(each: Field) -> list[tuple[str, str]]:
    """Each comparison and its words: « est », « est au moins »…"""
    return [(name, operator_words(name, each)) for name in OPERATORS[sort_of(each)]]


def value_of(each: Field, op: str, values: Sequence[str]) -> Any:
    """The answer awaited, as the tree keeps it. Raises `WrongValue`."""
    given = [value.strip() for value in values if value.strip()]
    if not given:
        raise WrongValue(_("« %(label)s » : dites avec quelle réponse comparer.") % {"label": each.label})
    if op in SEVERAL_VALUES:
        return given
    sort = sort_of(each)
    if sort == YES_NO:
        return given[0] == "yes"
    read = {NUMBER: _number, COUNT: _number, AMOUNT: _amount, DAY: _day}.get(sort)
    return read(each, given[0]) if read else given[0]


def shown(each: Field, text: str) -> str:
    """The value of a tree in its box: euros for cents."""
    if sort_of(each) == AMOUNT and text.lstrip("-").isdecimal():
        return TYPES["amount"].typed(int(text))
    return text


def earlier(definition: Definition, kind: str, identifier: str) -> list[Field]:
    """The questions a condition of this element may speak of: those that are answered before it."""
    if kind not in ("field", "section"):
        return [each for each in definition.fields if _speaks(each)]
    return list(_before(definition, kind, identifier))


def until(definition: Definition, holder: str) -> list[Field]:
    """Those that a new question at the end of a section or of a block may speak of."""
    found: list[Field] = []
    for page in definition.pages:
        for section in page.sections:
            for each in section.fields:
                if each.id == holder:
                    return [*found, *(child for child in each.fields if _speaks(child))]
                found += [each] if _speaks(each) else []
            if section.id == holder:
                return found
    return found


def _before(definition: Definition, kind: str, identifier: str) -> Iterator[Field]:
    for page in definition.pages:
        for section in page.sections:
            if kind == "section" and section.id == identifier:
                return
            for each in section.fields:
                if kind == "field" and each.id == identifier:
                    return
                inner = [child.id for child in each.fields]
                if kind == "field" and identifier in inner:
                    yield from (child for child in each.fields[: inner.index(identifier)] if _speaks(child))
                    return
                if _speaks(each):
                    yield each


def _speaks(each: Field) -> bool:
    kind = TYPES[each.type]
    return kind.answered or each.type == "calculated"


def _number(each: Field, text: str) -> int | float:
    plain = text.replace(" ", "").replace("\u202f", "").replace(",", ".")
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        raise WrongValue(_("« %(label)s » : écrivez un nombre. Exemple : 6") % {"label": each.label}) from None


def _amount(each: Field, text: str) -> int:
    found = cents(text)
    if found is None:
        raise WrongValue(_("« %(label)s » : écrivez un montant en euros. Exemple : 12,50") % {"label": each.label})
    return found


def cents(text: str) -> int | None:
    """« 12,50 » → 1250; None when it is no amount."""
    found = TYPES["amount"].normalise(text, EUROS)
    return found if isinstance(found, int) else None


def _day(each: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValue(_("« %(label)s » : choisissez une date.") % {"label": each.label}) from None
