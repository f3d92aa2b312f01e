"""What is answered, once the server has read what it alone may read: tables, what came through the hub, what was filled
in beforehand. Every answer is judged here, a page's, a whole request's, a program's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etoile.gru.filling import prefilling
from etoile.gru.filling.inquiries import inquiry
from etoile.gru.filling.waiving import waived_in
from etoile.gru.forms.definition import Definition, Field, Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import Held, Lookup
from etoile.gru.forms.fields.reference import Chosen, Reference
from etoile.gru.forms.fields.repeated import ROW
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.tables import choosing
from etoile.gru.forms.validation import Result, validate

NOTHING: Mapping[str, Any] = {}


def judge(
    version: ProcedureVersion,
    kept: Mapping[str, Any],
    posted: Mapping[str, Any] = NOTHING,
    *,
    page: Page | None = None,
    documents: Mapping[str, Sequence[Any]] | None = None,
    prefilled: Mapping[str, Any] = NOTHING,
    waived: Sequence[str] = (),
) -> Result:
    """`kept` are the answers of the draft (see `trusted`), `posted` those that replace them; `prefilled`, by field,
    what a link or an account gave; `waived` are the questions that need no answer. At most three statements besides,
    none without a table.
    """
    definition = waived_in(version.definition, tuple(waived))
    answers = believed(definition, kept, posted) | prefilling.fixed(definition, prefilled)
    answers = choosing.chosen(version.procedure.authority.pk, definition, answers)
    while True:
        told = prefilling.fixed(definition, prefilling.from_lookups(definition, answers))
        result = validate(definition, {**answers, **told}, page=page, documents=documents)
        stale = {each.id for each in lookups(definition) if _is_stale(each, version, answers, result)}
        if not stale:
            return result
        # What was asked for other answers than these is no longer known, nor what was filled in from it.
        gone = stale | prefilling.following(definition, stale)
        answers = {name: posted.get(name) if name in gone - stale else value for name, value in answers.items()
                   if name not in stale}  # fmt: skip


def lookups(definition: Definition) -> Iterator[Field]:
    return (each for each in definition.fields if isinstance(TYPES.get(each.type), Lookup))


def believed(definition: Definition, kept: Mapping[str, Any], posted: Mapping[str, Any]) -> dict[str, Any]:
    """`posted` over `kept`, except what only the server writes: there, a choice among what was offered is all that is
    taken. A value somebody else made stays as it is, to be refused."""
    answers = {**kept, **posted}
    for each in lookups(definition):
        kind, raw = TYPES[each.type], posted.get(each.id)
        if isinstance(raw, Mapping | list) and not isinstance(raw, Held):
            continue
        held = raw if isinstance(raw, Held) else kind.held(kept.get(each.id), raw, each)  # type: ignore[attr-defined]
        answers.pop(each.id, None)
        if held is not None:
            answers[each.id] = held
    return answers


def trusted(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a draft as the server wrote them: a row that was chosen, what came through the hub. To be given
    only what was never in other hands."""
    fields = {each.id: each for each in definition.every_field()}
    return {name: _trusted(fields.get(name), value, fields) for name, value in answers.items()}


def as_kept(each: Field, value: Any) -> Any:
    """One answer, as `trusted` gives it."""
    return _trusted(each, value, {child.id: child for child in each.fields})


def _trusted(each: Field | None, value: Any, fields: Mapping[str, Field]) -> Any:
    kind = TYPES.get(each.type) if each is not None else None
    if isinstance(kind, Lookup) and isinstance(value, Mapping):
        return Held(value)
    if isinstance(kind, Reference) and isinstance(value, Mapping) and "label" in value:
        return Chosen(value)
    if each is not None and each.fields and isinstance(value, list):
        return [
            {name: cell if name == ROW else _trusted(fields.get(name), cell, fields) for name, cell in row.items()}
            for row in value
            if isinstance(row, Mapping)
        ]
    return value


def submitted(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the request keeps of answers that were judged: without what the server only needed while it was filled."""
    fields = {each.id: each for each in definition.every_field()}
    return {name: _submitted(fields.get(name), value, fields) for name, value in values.items()}


def _submitted(each: Field | None, value: Any, fields: Mapping[str, Field]) -> Any:
    kind = TYPES.get(each.type) if each is not None else None
    if each is not None and isinstance(kind, Lookup | Reference):
        return kind.submitted(value, each)
    if each is not None and each.fields and isinstance(value, list):
        return [{name: _submitted(fields.get(name), cell, fields) for name, cell in row.items()} for row in value]
    return value


def _is_stale(each: Field, version: ProcedureVersion, answers: Mapping[str, Any], result: Result) -> bool:
    held = answers.get(each.id)
    if not isinstance(held, Held) or each.id not in result.visible:
        return False
    asked = inquiry(each, version.procedure.slug, result.cleaned)
    return asked is None or asked.mark != held.get("asked")
