"""The test bench of a calculated value: type answers, see the result and where it comes from. Nothing is kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from etoile.design.fields import FieldView
from etoile.expressions import ExpressionError
from etoile.gru.filling.questions import Question, view
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.calculated import CALCULATED
from etoile.gru.forms.formulas import Budget, formula
from etoile.gru.forms.texts import Text

PREFIX = "essai"
ROWS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A value the calculation used: what it is called in the formula, the question, and the answer in words."""

    name: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`words` is the result in words, empty when there is none; then `problem` says why."""

    words: str = ""
    problem: str = ""
    steps: tuple[Step, ...] = ()


class Bench:
    """`fields` are the questions before the calculated one, by identifier, in order."""

    def __init__(self, each: Field, fields: Mapping[str, Field], data: QueryDict) -> None:
        self.field, self.fields = each, fields
        self.reads, self.problem = self._closure()
        self.asked = bool(data)
        self.values = {one.id: value for one in self.inputs if (value := _answer(one, data)) is not None}

    @property
    def inputs(self) -> list[Field]:
        """The questions whose answers must be typed, those of intermediate calculations too."""
        return [each for name, each in self.fields.items() if name in self.reads and each.type != CALCULATED.name]

    @property
    def views(self) -> list[FieldView]:
        return [shown for each in self.inputs for shown in self._views(each)]

    def outcome(self) -> Outcome:
        """What the formula gives with these values, and why."""
        if self.problem:
            return Outcome(problem=self.problem)
        seen: dict[str, Any] = dict(self.values)
        for name, each in self.fields.items():
            if name in self.reads and each.type == CALCULATED.name:
                value = CALCULATED.compute(each, seen, Budget()).value
                seen |= {} if value is None else {name: value}
        steps = tuple(self._steps(seen))
        found = CALCULATED.compute(self.field, seen, Budget())
        if found.value is not None:
            return Outcome(CALCULATED.summary(found.value, self.field), "", steps)
        return Outcome("", found.failure or self._missing(seen), steps)

    def _missing(self, seen: Mapping[str, Any]) -> str:
        needed = formula(str(self.field.settings["formula"])).needed
        lacking = [f"« {self.fields[name].label} »" for name in self.fields if name in needed and name not in seen]
        if lacking:
            return _("Il manque une réponse : %(labels)s.") % {"labels": ", ".join(lacking)}
        return _("Le résultat n’est pas de la sorte annoncée. Changez la sorte de résultat, ou le calcul.")

    def _steps(self, seen: Mapping[str, Any]) -> Iterator[Step]:
        for name, each in self.fields.items():
            if name in self.reads:
                yield Step(name, str(each.label), _words(seen.get(name), each))

    def _closure(self) -> tuple[set[str], str]:
        """All that is read, through other calculations too; or why the formula cannot be."""
        found: set[str] = set()
        waiting = [self.field]
        while waiting:
            try:
                read = formula(str(waiting.pop().settings.get("formula", ""))).reads
            except ExpressionError as error:
                return found, str(error)
            unknown = sorted(read - self.fields.keys())
            if unknown:
                words = _("Aucune question placée avant ne s’appelle « %(name)s ». Voyez la liste des noms.")
                return found, words % {"name": unknown[0]}
            waiting += [self.fields[name] for name in read - found if self.fields[name].type == CALCULATED.name]
            found |= read
        return found, ""

    def _speaks_of(self, child: Field) -> bool:
        """Of the questions of a block, those that the formula names; all of them when it only counts rows."""
        source = str(self.field.settings.get("formula", ""))
        named = set(re.findall(r"[a-z_][a-z0-9_]*", source))
        siblings = next((each.fields for each in self.inputs if child in each.fields), ())
        return child.id in named or not any(each.id in named for each in siblings)

    def _views(self, each: Field) -> Iterator[FieldView]:
        if not each.fields:
            named = replace(each, id=f"{PREFIX}.{each.id}")
            yield view(Question(named, False, self.values.get(each.id)))
            return
        rows = self.values.get(each.id, [])
        for number in range(ROWS):
            row = rows[number] if number < len(rows) else {}
            for child in each.fields:
                if TYPES[child.type].answered and self._speaks_of(child):
                    label = Text(_("%(label)s, ligne %(number)d") % {"label": child.label, "number": number + 1})
                    named = replace(child, id=_address(each, number, child), label=label)
                    yield view(Question(named, False, row.get(child.id)))


def _answer(each: Field, data: QueryDict) -> Any:
    if not each.fields:
        return _read(each, f"{PREFIX}.{each.id}", data)
    rows = [
        {
            child.id: value
            for child in each.fields
            if (value := _read(child, _address(each, number, child), data)) is not None
        }
        for number in range(ROWS)
    ]
    return [row for row in rows if row] or None


def _read(each: Field, address: str, data: QueryDict) -> Any:
    """None for what is empty or wrong: the bench says then what is missing."""
    kind = TYPES[each.type]
    if not kind.answered or kind.holds_files:
        return None
    value = kind.normalise(kind.read(data, replace(each, id=address)), each)
    return None if value is None or kind.check(value, each) else value


def _address(block: Field, number: int, child: Field) -> str:
    return f"{PREFIX}.{block.id}.{number}.{child.id}"


def _words(value: Any, each: Field) -> str:
    if value is None:
        return _("pas de réponse")
    if each.fields:
        return " ; ".join(
            ", ".join(TYPES[child.type].summary(row[child.id], child) for child in each.fields if child.id in row)
            for row in value
        )
    return TYPES[each.type].summary(value, each)
