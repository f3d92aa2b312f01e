"""The server decides, always: what is visible, what is required, what is right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from etoile.expressions import conditions
from etoile.gru.forms.definition import Definition, Field, Page, Section
from etoile.gru.forms.fields import TYPES


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is the identifier of the field; `message` names it, says what is wrong, the format and an example."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """`cleaned` holds visible answers only, normalised; `typed` also what is wrong, to show it again; `visible`
    names the
    questions these answers show."""

    cleaned: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    visible: frozenset[str] = frozenset()

    @property
    def valid(self) -> bool:
        return not self.errors


def holds(tree: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    return tree is None or conditions.compile(tree, None).holds(answers)


def visible_sections(page: Page, answers: Mapping[str, Any]) -> list[tuple[Section, list[Field]]]:
    """Sections and fields of a page a person sees with these answers (normalised ones)."""
    return [
        (section, [each for each in section.fields if holds(each.visible_when, answers)])
        for section in page.sections
        if holds(section.visible_when, answers)
    ]


def is_required(each: Field, answers: Mapping[str, Any]) -> bool:
    return each.required or (each.required_when is not None and holds(each.required_when, answers))


def validate(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    page: Page | None = None,
    documents: Mapping[str, Sequence[Any]] | None = None,
) -> Result:
    """Raw or normalised `answers`, `documents` by field. With `page`, only its errors are looked for.

    Fields are met in their order, each condition seeing only what is visible before it: a hidden answer can neither be
    kept nor open another question.
    """
    given = documents or {}
    errors: list[FieldError] = []
    cleaned: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    visible: set[str] = set()
    for where, section, each in definition.walk():
        kind = TYPES[each.type]
        if not kind.answered or not holds(section.visible_when, seen) or not holds(each.visible_when, seen):
            continue
        visible.add(each.id)
        is_file = kind.holds_files
        value = kind.normalise(given.get(each.id) if is_file else answers.get(each.id), each)
        error = None
        if page is None or where.id == page.id:
            error = _error(each, value, seen) or _unreadable(each, answers.get(each.id), value)
        if error:
            errors.append(FieldError(each.id, error))
        if value is None:
            continue
        seen[each.id] = value
        if not is_file:
            typed[each.id] = value
            if not error:
                cleaned[each.id] = value
    return Result(cleaned, typed, (*errors, *_unknown(definition, answers)), frozenset(visible))


def validate_declarations(definition: Definition, answers: Mapping[str, Any]) -> Result:
    """The boxes to tick on the last page, before sending."""
    cleaned: dict[str, Any] = {}
    errors = []
    for each in definition.declarations:
        value = TYPES[each.type].normalise(answers.get(each.id), each)
        error = _error(each, value, {})
        if error:
            errors.append(FieldError(each.id, error))
        elif value is not None:
            cleaned[each.id] = value
    return Result(cleaned, cleaned, tuple(errors))


def _error(each: Field, value: Any, seen: Mapping[str, Any]) -> str | None:
    kind = TYPES[each.type]
    if value is None:
        return kind.missing(each) if is_required(each, seen) else None
    return kind.check(value, each)


def _unreadable(each: Field, raw: Any, value: Any) -> str | None:
    """A program that sends a number where a text is awaited is told so, rather than losing its answer in silence."""
    kind = TYPES[each.type]
    if value is not None or raw is None or isinstance(raw, str | bool) or not _filled(raw) or kind.holds_files:
        return None
    return kind.wrong(each, _("cette réponse n’a pas la forme attendue."))


def _filled(raw: Any) -> bool:
    if isinstance(raw, Mapping):
        return any(_filled(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return any(_filled(value) for value in raw)
    return raw not in (None, "")


def _unknown(definition: Definition, answers: Mapping[str, Any]) -> Iterable[FieldError]:
    known = {each.id for each in definition.fields}
    for identifier in answers:
        if identifier not in known:
            yield FieldError(str(identifier)[:80], _("Cette question n’existe pas dans cette démarche."))
