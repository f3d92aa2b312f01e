"""The JSON Schema (2020-12) of the answers to one version of a procedure, made from its definition.

It describes the values that are kept: amounts in cents, dates in ISO 8601. What conditions make required is said too,
wherever JSON Schema can say it; the server judges all of it in any case, with the sentences of the screens.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED
from etoile.gru.forms.rules import Tree
from etoile.gru.forms.schema_conditions import Untold, condition

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def accepted(definition: Definition) -> Schema:
    """Of the `answers` that a program sends: every question but files, what is computed and what is asked here."""
    asked = [
        each
        for each in definition.fields
        if TYPES[each.type].answered
        and not TYPES[each.type].holds_files
        and TYPES[each.type].accepted(each) is not None
    ]
    return _schema(definition, asked, by_program=True)


def published(definition: Definition) -> Schema:
    """Of the `data.answers` of `org.etoile.case.submitted.v1`: without the applicant, who is told apart; what is
    computed and what is declared are there.
    """
    told = [
        each
        for each in definition.fields
        if TYPES[each.type].valued and not TYPES[each.type].holds_files and not each.applicant
    ]
    return _schema(definition, [*told, *definition.declarations], by_program=False)


def _schema(definition: Definition, fields: Sequence[Field], *, by_program: bool) -> Schema:
    sections = {each.id: section.visible_when for _page, section, each in definition.walk()}
    known = {each.id: each for each in fields}
    return {
        "$schema": DIALECT,
        "title": definition.title.fr,
        **_object([(each, (sections.get(each.id), each.visible_when)) for each in fields], known, by_program),
    }


def _object(
    fields: Iterable[tuple[Field, tuple[Tree | None, ...]]], known: dict[str, Field], by_program: bool
) -> Schema:
    properties, required, rules = {}, [], []
    for each, shown in fields:
        properties[each.id] = _property(each, by_program)
        if not (each.required or each.required_when):
            continue
        when = [tree for tree in (*shown, None if each.required else each.required_when) if tree is not None]
        if not when:
            required.append(each.id)
            continue
        try:
            rules.append({"if": {"allOf": [condition(tree, known) for tree in when]}, "then": {"required": [each.id]}})
        except Untold:
            continue
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        **({"allOf": rules} if rules else {}),
        "additionalProperties": False,
    }


def _property(each: Field, by_program: bool) -> Schema:
    kind = TYPES[each.type]
    told = kind.accepted(each) if by_program else kind.schema(each)
    body = _rows(each, by_program) if each.fields else told or {}
    title = each.label.fr or each.id
    hint = {"description": each.hint.fr} if each.hint else {}
    return {"title": title, **hint, **body, **({"readOnly": True} if not kind.answered else {})}


def _rows(block: Field, by_program: bool) -> Schema:
    inside = [
        child
        for child in block.fields
        if (TYPES[child.type].answered or (TYPES[child.type].valued and not by_program))
        and not TYPES[child.type].holds_files
    ]
    shown = [(child, (child.visible_when,)) for child in inside]
    row = _object(shown, {child.id: child for child in inside}, by_program)
    whole = REPEATED.schema(block)
    row["properties"] = {**whole["items"]["properties"], **row["properties"]}
    least = REPEATED.least(block, block.required)
    bounded = {"minItems": least} if least and not (block.visible_when or by_program) else {}
    return {**whole, "items": row, **bounded}
