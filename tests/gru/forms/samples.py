"""Answers made from a definition alone: one that fits each question, and those that open each conditional path."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from etoile.expressions import conditions
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.validation import holds

Answers = dict[str, Any]
_PLAIN: dict[str, Any] = {
    "civility": "MADAME",
    "name": "Martin",
    "given_names": "Camille",
    "email": "camille.martin@exemple.fr",
    "phone": "06 39 98 01 23",
    "siret": "732 829 320 00074",
    "address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont-sur-Loire"},
    "place": "devant le 12 rue des Tilleuls",
    "yes_no": True,
    "consent": True,
    "file": ["document"],
}
_MANY = 400


def answer(field: Field) -> Any:
    """A right answer to one question, by its type and settings."""
    if field.type in _PLAIN:
        return _PLAIN[field.type]
    return _MADE[field.type](field)


def _text(field: Field) -> str:
    return "Réponse d’essai, assez longue."[: field.settings.get("max_length", 30)]


def _day(field: Field) -> str:
    first, last = field.settings.get("min_days"), field.settings.get("max_days")
    ahead = 0 if first is None and last is None else last if first is None else first + 1
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


_MADE = {
    "text": _text,
    "long_text": _text,
    "date": _day,
    "time_slot": lambda field: {"date": _day(field), "start": "14:00", "end": "18:30"},
    "integer": lambda field: field.settings.get("minimum", 1),
    "amount": lambda field: field.settings.get("minimum", 100),
    "single_choice": lambda field: field.options[0].value,
    "multiple_choice": lambda field: [each.value for each in field.options[: field.settings.get("minimum", 1)]],
}


def filled(definition: Definition, chosen: Mapping[str, Any] = {}) -> tuple[Answers, Answers]:
    """Every visible question answered, and the documents apart. `chosen` wins over `answer`; None leaves it empty."""
    answers: Answers = {}
    documents: Answers = {}
    for _page, section, field in definition.walk():
        if not TYPES[field.type].answered or not holds(section.visible_when, answers):
            continue
        if not holds(field.visible_when, answers):
            continue
        value = chosen[field.id] if field.id in chosen else answer(field)
        if value is not None:
            (documents if field.type == "file" else answers)[field.id] = value
    return answers, documents


def paths(definition: Definition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each condition of the definition, with what it belongs to."""
    for page in definition.pages:
        for section in page.sections:
            if section.visible_when:
                yield section.id, section.visible_when
            for field in section.fields:
                yield from ((field.id, tree) for tree in (field.visible_when, field.required_when) if tree)


def opening(definition: Definition, tree: Mapping[str, Any]) -> Answers | None:
    """Answers chosen so that `tree` holds once the form is filled; None when no possible answer opens it."""
    owners = {field.id: (section, field) for _page, section, field in definition.walk()}
    asked = sorted(_needed(tree, owners))
    for values in itertools.islice(itertools.product(*(_possible(owners[each][1]) for each in asked)), _MANY):
        chosen = dict(zip(asked, values, strict=True))
        if holds(tree, filled(definition, chosen)[0]):
            return chosen
    return None


def _needed(tree: Mapping[str, Any] | None, owners: Mapping[str, Any]) -> set[str]:
    """The questions a condition reads, and those that their own being asked depends on."""
    found: set[str] = set()
    for each in conditions.compile(tree, None).references if tree else ():
        section, field = owners[each]
        found |= {each} | _needed(section.visible_when, owners) | _needed(field.visible_when, owners)
    return found


def _possible(field: Field) -> list[Any]:
    if field.type == "yes_no":
        return [True, False]
    if field.type == "single_choice":
        return [option.value for option in field.options]
    if field.type == "multiple_choice":
        return [[option.value] for option in field.options]
    bounds = [field.settings[key] for key in ("minimum", "maximum") if key in field.settings]
    return [answer(field), None, *bounds]
