"""Right answers made from a definition alone: one to each question, and those that open each conditional path."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.evaluation import Evaluation, evaluate, holds
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.rules import Tree

Answers = dict[str, Any]
_MANY = 600
_PLAIN: dict[str, Any] = {
    "civility": "MADAME",
    "name": "Martin",
    "given_names": "Camille",
    "email": "camille.martin@exemple.fr",
    "phone": "06 39 98 01 23",
    "siret": "732 829 320 00074",
    "rna": "W491001234",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont-sur-Loire"},
    "place": "devant le 12 rue des Tilleuls",
    "country": "TN",
    "case_link": "26-K7QM-3",
    "yes_no": True,
    "consent": True,
}


def _text(field: Field) -> str:
    return "Réponse d’essai, assez longue."[: field.settings.get("max_length", 30)]


def _day(field: Field) -> str:
    first, last = field.settings.get("min_days"), field.settings.get("max_days")
    ahead = 0 if first is None and last is None else last if first is None else first + 1
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


_MADE: dict[str, Callable[[Field], Any]] = {
    "text": _text,
    "long_text": _text,
    "date": _day,
    "period": lambda field: {"start": _day(field), "end": _day(field)},
    "time_slot": lambda field: {"date": _day(field), "start": "14:00", "end": "18:30"},
    "integer": lambda field: field.settings.get("minimum", 1),
    "amount": lambda field: field.settings.get("minimum", 100),
    "single_choice": lambda field: field.options[0].value,
    "multiple_choice": lambda field: [each.value for each in field.options[: field.settings.get("minimum", 1)]],
}


def filled(definition: Definition, chosen: Mapping[str, Any]) -> tuple[Answers, Answers]:
    """Every question answered, shown or not, and the documents apart. `chosen` wins; None leaves a question empty.

    Each block has its least number of rows, one at least; what is chosen for a question of a row is so in each.
    """
    answers: Answers = {}
    for field in definition.fields:
        value = _rows(field, chosen) if field.fields else _one(field, chosen)
        if value is not None:
            answers[field.id] = value
    return answers, {each.id: ["document"] for each in definition.fields if TYPES[each.type].holds_files}


def _rows(block: Field, chosen: Mapping[str, Any]) -> list[Answers]:
    row = {each.id: _one(each, chosen) for each in block.fields}
    least = max(1, block.settings.get("minimum", 1))
    return [{key: value for key, value in row.items() if value is not None} for _each in range(least)]


def _one(field: Field, chosen: Mapping[str, Any]) -> Any:
    if not TYPES[field.type].answered or TYPES[field.type].holds_files:
        return None
    if field.id in chosen:
        return chosen[field.id]
    return _PLAIN[field.type] if field.type in _PLAIN else _MADE[field.type](field)


@dataclass(frozen=True)
class Path:
    """A condition of the definition. `owner` is what it shows or requires, empty for a rule."""

    owner: str
    tree: Tree
    rule: str = ""

    def reached(self, known: Evaluation) -> bool:
        shown = known.visible | known.sections
        if self.rule:
            return holds(self.tree, known.values)
        return any(each == self.owner or each.endswith(f".{self.owner}") for each in shown)


def paths(definition: Definition) -> Iterator[Path]:
    for page in definition.pages:
        for section in page.sections:
            if section.visible_when:
                yield Path(section.id, section.visible_when)
    for field in definition.every_field():
        yield from (Path(field.id, tree) for tree in (field.visible_when, field.required_when) if tree)
    yield from (Path("", rule.when, f"price {rule.label}") for rule in definition.price.rules if rule.when)
    yield from (Path("", route.when, f"team {route.team}") for route in definition.routing)


def opening(definition: Definition, path: Path) -> Answers | None:
    """Answers to choose so that the path is reached; None when no possible answer opens it."""
    asked = sorted(_needed(path.tree.compiled.references, _readings(definition)))
    questions = {each.id: each for each in definition.every_field()}
    for values in itertools.islice(itertools.product(*(_possible(questions[each]) for each in asked)), _MANY):
        chosen = dict(zip(asked, values, strict=True))
        if path.reached(evaluate(definition, *filled(definition, chosen))):
            return chosen
    return None


def _readings(definition: Definition) -> dict[str, set[str]]:
    """By question, those that its section, its block, its own condition and its formula read; by block, its own."""
    found = {}
    for _page, section, field in definition.walk():
        for each in (field, *field.fields):
            trees = (section.visible_when, field.visible_when, each.visible_when)
            found[each.id] = {name for tree in trees if tree for name in tree.compiled.references}
            found[each.id] |= TYPES[each.type].reads(each)
        found[field.id] |= {child.id for child in field.fields}
    return found


def _needed(names: Iterable[str], readings: Mapping[str, set[str]]) -> set[str]:
    return {*names}.union(*(_needed(readings[each], readings) for each in names))


def _possible(field: Field) -> list[Any]:
    if field.type == "yes_no":
        return [True, False]
    if field.type == "single_choice":
        return [option.value for option in field.options]
    if field.type == "multiple_choice":
        return [[option.value] for option in field.options]
    if field.fields or not TYPES[field.type].answered:
        return [None]
    bounds = [field.settings[key] for key in ("maximum",) if key in field.settings]
    return [_one(field, {}), *bounds, None]
