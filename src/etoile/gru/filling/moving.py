"""From a version of a procedure to the next: a draft moves without losing an answer.

What the new version still asks is kept; what it no longer asks, or asks otherwise, is set aside with the version that
asked it, shown to the person, taken back if a later version asks it again, and erased with the draft. Nothing set aside
is ever sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from etoile.gru.filling.opened import Filling, clear, keep, locked
from etoile.gru.forms.definition import Definition, Field, Page
from etoile.gru.forms.fields import TYPES
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
                now.definition,
                clear(draft),
                draft.completed,
                documents=filling.documents,
                aside=_read(filling, draft.aside),
                version=old.pk,
            )
            now.procedure = old.procedure
            draft.version = now
            draft.aside = _written(draft.id, result.aside)
            keep(draft, result.answers, result.completed, "version", "aside")
            filling.answers = result.answers
    filling.draft = draft
    return True


def set_aside(filling: Filling) -> list[SetAside]:
    """What the version in force no longer takes, files included, for the person to read. One statement, if any."""
    aside = _read(filling, filling.draft.aside)
    versions = ProcedureVersion.objects.in_bulk({each.version for each in aside}) if aside else {}
    shown = []
    for each in aside:
        field = versions[each.version].definition.field(each.field) if each.version in versions else None
        if field is not None:
            shown.append(SetAside(str(field.label), TYPES[field.type].summary(each.value, field)))
    orphans = [given for name, given in filling.documents.items() if filling.definition.field(name) is None]
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
    """Every answer is in the result, once: among the answers or aside."""
    kept: dict[str, Any] = {}
    left: list[Aside] = []
    for name, value in answers.items():
        before, after = old.field(name), new.field(name)
        taken, whole = _taken(before, after, value)
        if taken is not None:
            kept[name] = taken
        if not whole:
            left.append(Aside(name, version, value))
    back, still = _taken_back(new, kept, aside)
    kept |= back
    return Moved(kept, (*still, *left), _completed(old, new, kept, completed, documents or {}))


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


def _taken_back(new: Definition, kept: Mapping[str, Any], aside: Sequence[Aside]) -> tuple[dict[str, Any], list[Aside]]:
    back: dict[str, Any] = {}
    still = []
    for each in aside:
        field = new.field(each.field)
        if field is not None and each.field not in kept and each.field not in back and _fits(field, each.value):
            back[each.field] = TYPES[field.type].normalise(each.value, field)
        else:
            still.append(each)
    return back, still


def _fits(field: Field, value: Any) -> bool:
    kind = TYPES[field.type]
    read = kind.normalise(value, field) if kind.answered else None
    return read == value and kind.check(read, field) is None


def _completed(
    old: Definition,
    new: Definition,
    answers: Mapping[str, Any],
    completed: Sequence[str],
    documents: Mapping[str, Sequence[Any]],
) -> list[str]:
    """A page is done if it is right and each of its questions was on a page that was done: a new one is to be seen."""
    seen = {each.id for page in old.pages if page.id in completed for each in page.fields}
    return [
        page.id
        for page in new.pages
        if (page.id in completed or old.page(page.id) is None) and _done(new, page, seen, answers, documents)
    ]


def _done(
    new: Definition, page: Page, seen: set[str], answers: Mapping[str, Any], documents: Mapping[str, Sequence[Any]]
) -> bool:
    asked = {each.id for each in page.fields if TYPES[each.type].answered}
    return asked <= seen and validate(new, answers, page=page, documents=documents).valid


def _read(filling: Filling, rows: Sequence[Mapping[str, Any]]) -> list[Aside]:
    holder = filling.draft.id
    return [Aside(row["field"], row["version"], open_one(row["value"], row["field"], holder=holder)) for row in rows]


def _written(holder: object, aside: Sequence[Aside]) -> list[dict[str, Any]]:
    """Sealed all of them: which were sensitive is the business of the version that asked them."""
    return [
        {"field": each.field, "version": each.version, "value": seal_one(each.value, each.field, holder=holder)}
        for each in aside
    ]
