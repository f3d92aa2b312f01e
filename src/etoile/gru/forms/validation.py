"""The server decides, always: what is visible, what is required, what is right."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.ceilings import MAX_BYTES
from etoile.gru.forms.decisions import quote, refusals
from etoile.gru.forms.definition import Definition, Field, Page, address
from etoile.gru.forms.evaluation import Evaluation, Met, Run, is_given
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.rules import Ineligibility


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is the identifier of the field, or `<block>.<row>.<field>`; `message` names it, says what is wrong, the
    format and an example.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """`cleaned` holds what may be sent: visible answers, normalised, and what was computed; `typed` also what is wrong,
    to show it again. `refusals` are the reasons why nothing can be asked, whatever else is right.
    """

    cleaned: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    refusals: tuple[Ineligibility, ...] = ()
    evaluation: Evaluation = field(default_factory=Evaluation)

    @property
    def valid(self) -> bool:
        return not self.errors and not self.refusals

    @property
    def visible(self) -> set[str]:
        """What these answers show, by identifier or address."""
        return self.evaluation.visible


def validate(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    page: Page | None = None,
    documents: Mapping[str, Sequence[Any]] | None = None,
) -> Result:
    """Raw or normalised `answers`, `documents` by field. With `page`, only its errors are looked for, and the refusals
    of what was asked up to it.
    """
    errors: list[FieldError] = []

    def judge(met: Met) -> bool:
        if page is not None and met.page.id != page.id:
            return True
        error = _error_of_block(met) if met.field.fields else _error_of(met)
        if error:
            errors.append(FieldError(met.address, error))
        return not error

    run = Run(definition, answers, documents or {}, judge)
    if page is None and not errors:
        errors.extend(_unpriced(definition, run.evaluation) or _too_long(run.cleaned))
    refused = refusals(definition, run.evaluation, upto=page)
    return Result(run.cleaned, run.typed, (*errors, *_unknown(definition, answers)), refused, run.evaluation)


def validate_declarations(definition: Definition, answers: Mapping[str, Any]) -> Result:
    """The boxes to tick on the last page, before sending."""
    cleaned: dict[str, Any] = {}
    errors = []
    for each in definition.declarations:
        value = TYPES[each.type].normalise(answers.get(each.id), each)
        error = _error(each, value, each.required)
        if error:
            errors.append(FieldError(each.id, error))
        elif value is not None:
            cleaned[each.id] = value
    return Result(cleaned, cleaned, tuple(errors))


def kept(definition: Definition, before: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """What a draft keeps once answers are validated: what was typed, and what is hidden for now as it was `before`.

    Changing one's mind twice loses nothing, in a row either; sending clears what is hidden.
    """
    hidden = {key: value for key, value in before.items() if key not in result.visible}
    typed = {
        key: _kept_rows(definition.field(key), before.get(key), value, result.visible)
        for key, value in result.typed.items()
    }
    return {**hidden, **typed}


def _kept_rows(block: Field | None, before: Any, typed: Any, visible: set[str]) -> Any:
    if block is None or not block.fields:
        return typed
    earlier = {row[ROW]: row for row in REPEATED.normalise(before, block) or ()}
    return [
        {
            **{
                key: value
                for key, value in earlier.get(row[ROW], {}).items()
                if address(block.id, row[ROW], key) not in visible
            },
            **row,
        }
        for row in typed
    ]


def _unpriced(definition: Definition, known: Evaluation) -> list[FieldError]:
    """What is due and cannot be computed is neither free nor to be guessed."""
    asked = [definition.field(name) for name in quote(definition, known).unknown]
    return [FieldError(each.id, TYPES[each.type].missing(each)) for each in asked if each is not None]


def _too_long(cleaned: Mapping[str, Any]) -> list[FieldError]:
    """A request too large for the hub would never reach who treats it: the longest answer is to be shortened."""
    sizes = {name: len(json.dumps(value, ensure_ascii=False).encode()) for name, value in cleaned.items()}
    if sum(sizes.values()) <= MAX_BYTES:
        return []
    longest = max(sizes, key=sizes.__getitem__)
    return [FieldError(longest, _("Vos réponses sont trop longues pour être envoyées : raccourcissez celle-ci."))]


def _error_of(met: Met) -> str | None:
    each = met.field
    error = _error(each, met.value, met.required) or _unreadable(each, met.raw, met.value)
    if error and met.block is not None:
        # Said again for the row it is in: the question has the same name in each.
        each = REPEATED.labelled(met.block, met.row, each)
        error = _error(each, met.value, met.required) or _unreadable(each, met.raw, met.value)
    return error


def _error_of_block(met: Met) -> str | None:
    if is_given(met.raw) and not (
        isinstance(met.raw, list | tuple) and all(isinstance(each, Mapping) for each in met.raw)
    ):
        return REPEATED.wrong(met.field, _("cette réponse n’a pas la forme attendue."))
    return REPEATED.counted(met.rows, met.field, met.required)


def _error(each: Field, value: Any, required: bool) -> str | None:
    kind = TYPES[each.type]
    if value is None:
        return kind.missing(each) if required else None
    return kind.check(value, each)


def _unreadable(each: Field, raw: Any, value: Any) -> str | None:
    """A program that sends a number where a text is awaited is told so, rather than losing its answer in silence."""
    kind = TYPES[each.type]
    if value is not None or isinstance(raw, str | bool) or not is_given(raw) or kind.holds_files:
        return None
    return kind.wrong(each, _("cette réponse n’a pas la forme attendue."))


def _unknown(definition: Definition, answers: Mapping[str, Any]) -> Iterator[FieldError]:
    known = {each.id: each for each in definition.fields}
    for identifier, given in answers.items():
        each = known.get(identifier)
        yield from _unexpected(each, str(identifier), given)
        if each is not None and each.fields:
            questions = {child.id: child for child in each.fields}
            for row in REPEATED.normalise(given, each) or ():
                for name in row.keys() - {ROW}:
                    yield from _unexpected(questions.get(name), address(each.id, row[ROW], str(name)), row[name])


def _unexpected(each: Field | None, name: str, given: Any) -> Iterable[FieldError]:
    if each is None:
        return [FieldError(name[:80], _("Cette question n’existe pas dans cette démarche."))]
    if given is not None and TYPES[each.type].valued and not TYPES[each.type].answered:
        return [
            FieldError(name, _("« %(label)s » est calculé : cette réponse ne s’envoie pas.") % {"label": each.label})
        ]
    return []
