"""A value that the server computes from the answers before it (CEL): shown, never accepted from outside."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.expressions import ExpressionError
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import amount, date, days, yes_no
from etoile.gru.forms.fields.base import FieldType
from etoile.gru.forms.formulas import Budget, Outcome, formula
from etoile.gru.forms.texts import Text

NUMBERS = ("integer", "decimal", "amount")
RESULTS = (*NUMBERS, "text", "yes_no", "date")
LONGEST_TEXT = 2000
LARGEST = 10**12
DECIMALS = 6
_WRONG_KIND = "Le résultat n'est pas de la sorte annoncée (result)."


class Calculated(FieldType):
    """Settings: `formula`, `result` (one of RESULTS; amounts are integers, in cents), `unit`."""

    name = "calculated"
    label = gettext_lazy("Valeur calculée")
    family = "number"
    widget = "calculated"
    answered = False
    settings = {"formula": str, "result": str, "unit": (str, dict)}

    def read(self, data: Any, field: Field) -> None:
        return None

    def normalise(self, raw: Any, field: Field) -> None:
        return None

    def check(self, value: Any, field: Field) -> None:
        return None

    def missing(self, field: Field) -> str:
        return _("« %(label)s » n’a pas pu être calculé avec ces réponses.") % {"label": field.label}

    def result(self, field: Field) -> str:
        return str(field.settings.get("result", "integer"))

    def compute(self, field: Field, answers: Mapping[str, Any], budget: Budget) -> Outcome:
        """The result as this field keeps it; a failure in words when the formula gives something else."""
        if not _source(field):
            return Outcome()
        found = formula(_source(field)).compute(answers, budget)
        if found.value is None:
            return found
        kept = _KEPT[self.result(field)](found.value)
        return Outcome(kept) if kept is not None else Outcome(failure=_WRONG_KIND)

    def summary(self, value: Any, field: Field) -> str:
        if value is None:
            return ""
        shown = _shown(value, self.result(field))
        unit = str(Text.of(field.settings.get("unit")))
        return f"{shown}\u00a0{unit}" if unit else shown

    def schema(self, field: Field) -> dict[str, Any]:
        return dict(_SCHEMAS[self.result(field)])

    def reads(self, field: Field) -> frozenset[str]:
        try:
            return formula(_source(field)).reads if _source(field) else frozenset()
        except ExpressionError:
            return frozenset()

    def inconsistencies(self, field: Field) -> list[str]:
        found = []
        if self.result(field) not in RESULTS:
            found.append(f"« result » vaut {', '.join(RESULTS)}")
        try:
            if _source(field):
                formula(_source(field))
        except ExpressionError as error:
            found.append(f"formule : {error}")
        return found

    def unfinished(self, field: Field) -> list[str]:
        return [] if _source(field) else [_("il manque la formule")]


def _source(field: Field) -> str:
    return str(field.settings.get("formula", "")).strip()


def _integer(value: Any) -> int | None:
    """A whole number, also when the formula divided: never rounded in silence."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        return None
    return int(value) if value == int(value) else None


def _decimal(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        return None
    return round(value, DECIMALS)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value and len(value) <= LONGEST_TEXT else None


def _day(value: Any) -> str | None:
    day = value[:10] if isinstance(value, str) else ""
    return day if days.day_of(day) else None


def _number(value: Any) -> str:
    """Thousands apart, a comma before the decimals, as a French reader writes."""
    whole, _point, decimals = (f"{value:,.{DECIMALS}f}" if isinstance(value, float) else f"{value:,}").partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", "\u202f") + (f",{decimals}" if decimals else "")


def _shown(value: Any, result: str) -> str:
    return _NUMBERS.get(result, lambda given: _OTHERS[result].summary(given, _NO_FIELD))(value)


_NO_FIELD = Field("", "calculated", Text())
_OTHERS: Mapping[str, FieldType] = {"amount": amount.TYPE, "yes_no": yes_no.TYPE, "date": date.TYPE}
_NUMBERS: Mapping[str, Callable[[Any], str]] = {"integer": _number, "decimal": _number, "text": str}
_KEPT: Mapping[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "amount": _integer,
    "decimal": _decimal,
    "text": _text,
    "yes_no": lambda value: value if isinstance(value, bool) else None,
    "date": _day,
}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"type": "integer"},
    "amount": {"type": "integer"},
    "decimal": {"type": "number"},
    "text": {"type": "string", "maxLength": LONGEST_TEXT},
    "yes_no": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}

TYPE = CALCULATED = Calculated()
