"""Answers in words, and the rows of a repeated block, the same on every page that shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED


def row_name(block: Field, number: int) -> str:
    """« Enfant 2 », in the language of the request."""
    return f"{REPEATED.row_label(block)} {number}"


def row_lines(block: Field, row: Mapping[str, Any]) -> list[str]:
    """One line a question that has an answer: « Prénom : Lou ». `row` is by identifier of the questions."""
    said = []
    for child in block.fields:
        kind = TYPES[child.type]
        words = kind.summary(row.get(child.id), child) if kind.valued else ""
        said += [f"{child.label} : {words.replace(chr(10), ', ')}"] if words else []
    return said


def rows_said(block: Field, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Each row by its name, with its lines."""
    yield from ((row_name(block, number), row_lines(block, row)) for number, row in enumerate(rows, start=1))


def said(each: Field, value: Any) -> list[tuple[str, list[str]]]:
    """An answer by its label, with its lines; one for each row of a block."""
    if each.fields:
        return list(rows_said(each, value))
    return [(str(each.label), TYPES[each.type].summary(value, each).splitlines())]


def all_said(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Answers in words, in the order of the questions. `answers` in clear, by field."""
    return [line for each in definition.fields if each.id in answers for line in said(each, answers[each.id])]


def plain_rows(each: Field, value: Any) -> Iterator[tuple[str, str]]:
    """An answer as a paper prints it, by label: what is secret shows no more than recognises it (`FieldType.plain`)."""
    if not each.fields:
        yield str(each.label), TYPES[each.type].plain(value, each)
        return
    for number, row in enumerate(value, start=1):
        said = ((child, TYPES[child.type].plain(row.get(child.id), child)) for child in each.fields if child.id in row)
        yield row_name(each, number), "\n".join(f"{child.label} : {words}" for child, words in said if words)
