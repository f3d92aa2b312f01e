"""From a version of a procedure to the next: a draft moves without losing an answer.

What the new version still asks is kept; what it no longer asks, or asks otherwise, is set aside with the version that
asked it, shown to the person, taken back if a later version asks it again, and erased with the draft. Nothing set aside
is ever sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from etoile.gru.filling.files import ORIGINAL
from etoile.gru.filling.judging import as_kept
from etoile.gru.filling.opened import Filling, clear, keep, locked
from etoile.gru.filling.waiving import waived_in
from etoile.gru.forms.definition import Definition, Field, Page, address
from etoile.gru.forms.evaluation import is_given
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.sensitive import open_one, seal_one
from etoile.gru.forms.validation import validate


@dataclass(frozen=True, slots=True)
class Aside:
    """An answer that no question of the version in force takes; `version` (its key) is the one that asked it."""

    field: str
    version: int
    value: Any


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a draft stands under another version."""

    answers: dict[str, Any]
    aside: tuple[Aside, ...]
    completed: list[str]


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was set aside, in words: the question as it was asked, the answer as it was given."""

    label: str
    words: str


def bring_up_to_date(filling: Filling) -> bool:
    """Move the draft to the version in force; False when it was there already. Raises `DraftConfirmed`."""
    if not filling.outdated:
        return False
    with transaction.atomic():
        draft = locked(filling.draft)
        now = ProcedureVersion.objects.get(pk=draft.version.procedure.current_id)
        if draft.version_id != now.pk:
            old = draft.version
            result = moved(
                old.definition,
                waived_in(now.definition, tuple(draft.waived)),
                clear(draft),
                draft.completed,
                documents=filling.documents,
                aside=_read(Filling(draft, {}), draft.aside),
                version=old.pk,
            )
            now.procedure = old.procedure
            draft.version = now
            draft.aside = _written(draft.id, result.aside)
            keep(draft, result.answers, result.completed, "version", "aside")
            filling.answers = result.answers
    filling.draft = draft
    return True


def aside_of(filling: Filling) -> list[Aside]:
    """In clear."""
    return _read(filling, filling.draft.aside)


def set_aside(filling: Filling) -> list[SetAside]:
    """What the version in force no longer takes, files included, for the person to read. One statement, if any."""
    aside = aside_of(filling)
    versions = ProcedureVersion.objects.in_bulk({each.version for each in aside}) if aside else {}
    shown = []
    for each in aside:
        field = versions[each.version].definition.field(each.field) if each.version in versions else None
        if field is not None:
            shown.append(SetAside(str(field.label), TYPES[field.type].summary(each.value, field)))
    orphans = [
        given
        for name, given in filling.documents.items()
        if name != ORIGINAL and filling.definition.field(name) is None
    ]
    return shown + [SetAside("", document.name) for given in orphans for document in given]


def moved(
    old: Definition,
    new: Definition,
    answers: Mapping[str, Any],
    completed: Sequence[str],
    *,
    documents: Mapping[str, Sequence[Any]] | None = None,
    aside: Sequence[Aside] = (),
    version: int = 0,
) -> Moved:
    """Every answer is in the result: among the answers, or aside."""
    kept: dict[str, Any] = {}
    left: list[Aside] = []
    for name, value in answers.items():
        before, after = old.field(name), new.field(name)
        if before and after and before.fields and after.fields:
            kept[name] = [_row(before, after, row, left, version) for row in REPEATED.normalise(value, after) or ()]
            continue
        taken, whole = _taken(before, after, value)
        if taken is not None:
            kept[name] = taken
        if not whole:
            left.append(Aside(name, version, value))
    still = [each for each in aside if not _taken_back(new, kept, each)]
    return Moved(kept, (*still, *left), _completed(old, new, kept, completed, documents or {}))


def _row(before: Field, after: Field, row: Mapping[str, Any], left: list[Aside], version: int) -> dict[str, Any]:
    """A row of a block under its new questions; what they do not take goes to `left`."""
    old, new = ({child.id: child for child in block.fields} for block in (before, after))
    kept = {ROW: row[ROW]}
    for name, value in row.items():
        if name == ROW or not is_given(value):
            continue
        taken, whole = _taken(old.get(name), new.get(name), value)
        if taken is not None:
            kept[name] = taken
        if not whole:
            left.append(Aside(address(before.id, row[ROW], name), version, value))
    return kept


def _taken(before: Field | None, after: Field | None, value: Any) -> tuple[Any, bool]:
    """What the new question takes of a value, and whether that is the whole of it."""
    if before is None or after is None or not TYPES[after.type].answered:
        return None, False
    kind = TYPES[after.type]
    if before.type == after.type and not kind.has_options:
        # Wrong by the new rules, it stands in its box with what is wrong beside it.
        return value, True
    read = kind.normalise(value, after)
    if read is None or kind.check(read, after) is not None:
        return None, False
    return read, read == value


def _taken_back(new: Definition, kept: dict[str, Any], each: Aside) -> bool:
    """Put an answer back where it was, when its question is asked again and has no other answer."""
    field = new.field(each.field)
    kind = TYPES[field.type] if field is not None else None
    if field is None or kind is None or not kind.answered or field.fields:
        return False
    read = kind.normalise(as_kept(field, each.value), field)
    if read != each.value or kind.check(read, field) is not None:
        return False
    block, _dot, rest = each.field.partition(".")
    row, _dot, name = rest.partition(".")
    place = next((given for given in kept.get(block) or () if given[ROW] == row), None) if rest else kept
    if place is None or (name or block) in place:
        return False
    place[name or block] = read
    return True


def _completed(
    old: Definition,
    new: Definition,
    answers: Mapping[str, Any],
    completed: Sequence[str],
    documents: Mapping[str, Sequence[Any]],
) -> list[str]:
    """A page is done if it is right and each of its questions was on a page that was done: a new one is to be seen."""
    seen = {name for page in old.pages if page.id in completed for name in _asked(page)}
    return [
        page.id
        for page in new.pages
        if (page.id in completed or old.page(page.id) is None) and _done(new, page, seen, answers, documents)
    ]


def _done(
    new: Definition, page: Page, seen: set[str], answers: Mapping[str, Any], documents: Mapping[str, Sequence[Any]]
) -> bool:
    return _asked(page) <= seen and validate(new, answers, page=page, documents=documents).valid


def _asked(page: Page) -> set[str]:
    """The questions of a page, those of its blocks too."""
    every = (inner for each in page.fields for inner in (each, *each.fields))
    return {each.id for each in every if TYPES[each.type].answered}


def _read(filling: Filling, rows: Sequence[Mapping[str, Any]]) -> list[Aside]:
    holder = filling.draft.id
    return [Aside(row["field"], row["version"], open_one(row["value"], row["field"], holder=holder)) for row in rows]


def _written(holder: object, aside: Sequence[Aside]) -> list[dict[str, Any]]:
    """Sealed all of them: which were sensitive is the business of the version that asked them."""
    return [
        {"field": each.field, "version": each.version, "value": seal_one(each.value, each.field, holder=holder)}
        for each in aside
    ]
