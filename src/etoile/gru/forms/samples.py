"""Made-up answers to a definition, of the form the real ones have: for those who must be shown what will be sent."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES

ROW = "exemple0"
TEXT = "exemple"
USUAL = ("14:30", "2027-06-12", "49000", "1", "exemple0")


def answers(definition: Definition, turn: int = 0) -> dict[str, Any]:
    """An answer to every question, files apart. `turn` takes another option of each choice."""
    return {
        each.id: _answer(each, turn)
        for each in definition.fields
        if TYPES[each.type].answered and TYPES[each.type].name != "file"
    }


def turns(definition: Definition, most: int = 12) -> int:
    """How many turns show every option of every choice, `most` at the most."""
    return min(max((len(each.options) for each in definition.every_field()), default=1) or 1, most)


def files(definition: Definition) -> list[str]:
    """The questions that are answered by a file."""
    return [each.id for each in definition.every_field() if TYPES[each.type].name == "file"]


def _answer(field: Field, turn: int) -> Any:
    kind = TYPES[field.type]
    if field.fields:
        inside = {each.id: _answer(each, turn) for each in field.fields if TYPES[each.type].answered}
        return [{"row": ROW, **inside}]
    if field.options:
        chosen = field.options[turn % len(field.options)].value
        return [chosen] if kind.schema(field).get("type") == "array" else chosen
    return _of_schema(kind.schema(field), _text(field))


def _text(field: Field) -> str:
    """The example that the question shows, as it is kept when it is a good answer."""
    kind = TYPES[field.type]
    shown = kind.shown_example(field)
    kept = kind.normalise(shown, field) if isinstance(shown, str) else None
    return kept if isinstance(kept, str) else shown or TEXT


def _of_schema(schema: Mapping[str, Any], text: str) -> Any:
    if "const" in schema:
        return schema["const"]
    if isinstance(schema.get("enum"), Sequence):
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), None)
    if kind == "object":
        return {name: _of_schema(inside, text) for name, inside in schema.get("properties", {}).items()}
    if kind == "array":
        return [_of_schema(schema.get("items", {}), text)]
    if kind in ("integer", "number"):
        least = schema.get("minimum", 1)
        return least if least >= 0 else 0
    if kind == "boolean":
        return True
    return _fitting(str(schema.get("pattern", "")), _dated(schema.get("format"), text))


def _fitting(pattern: str, text: str) -> str:
    """What follows the pattern, of the text and a few usual forms; the text when none does."""
    return next((each for each in (text, *USUAL) if re.search(pattern, each)), text)


def _dated(form: Any, text: str) -> str:
    moment = timezone.now() + timedelta(days=30)
    if form == "date":
        return moment.date().isoformat()
    if form == "time":
        return "14:30"
    return moment.isoformat() if form == "date-time" else text
