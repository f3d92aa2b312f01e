"""What a form asks that leaves for no application unless its service contract names the question: sensitive answers,
their files, and identity documents. All else is what the procedure is for, as its legal sheet says."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from etoile.gru.forms.definition import Definition, Field

IDENTITY = "identity_document"


def question(name: str) -> str:
    """The question that a contract names: of what is asked in a row, its block."""
    return name.partition(".")[0]


def answer(definition: Definition, name: str) -> bool:
    asked = definition.field(name)
    return asked is not None and asked.sensitive


def document(definition: Definition, name: str) -> bool:
    """By the question it answers, also in a row; what answers no question is open."""
    asked = definition.field(name)
    return asked is not None and _holds(asked)


def open_answers(definition: Definition, opened: Collection[str], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those that leave when the questions `opened` are named."""
    return {name: value for name, value in answers.items() if name in opened or not answer(definition, name)}


def is_open(definition: Definition, opened: Collection[str], name: str) -> bool:
    """Whether the documents of this question leave when those `opened` are named."""
    return question(name) in opened or not document(definition, name)


def questions(definition: Definition) -> Iterator[Field]:
    """Those that a contract may have to name."""
    return (each for each in definition.fields if _holds(each) or any(_holds(inside) for inside in each.fields))


def _holds(asked: Field) -> bool:
    return asked.sensitive or asked.type == IDENTITY
