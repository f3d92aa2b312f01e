"""What a posted page says: which answers were typed, which row or question a button names."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from etoile.gru.filling import rows
from etoile.gru.forms.definition import Field, Page
from etoile.gru.forms.fields.repeated import ROW
from etoile.gru.forms.reading import answers_of


@dataclass(frozen=True, slots=True)
class Address:
    """`<block>.<row>` of a button, found in this page."""

    block: Field
    row: str

    @property
    def name(self) -> str:
        return f"{self.block.id}.{self.row}"


def address_of(here: Page, given: str) -> Address | None:
    """None for what no button of this page says."""
    identifier, _dot, row = given.partition(".")
    block = next((each for each in here.fields if each.id == identifier and each.fields), None)
    return Address(block, row) if block is not None and rows.is_row(row) else None


def answers(request: HttpRequest, here: Page) -> dict[str, Any]:
    """What was typed, with the row that is asked for. Asked for twice, it is there once."""
    raw = answers_of(here, request.POST)
    asked = address_of(here, request.POST.get("add_row", ""))
    if asked is not None:
        given = raw[asked.block.id] or []
        if all(row[ROW] != asked.row for row in given):
            raw[asked.block.id] = [*given, {ROW: asked.row}]
    return raw


def question_of(here: Page, name: str) -> Field | None:
    """The question of this page, or of a row of one of its blocks, that a control names; None for what is made up."""
    identifier, _dot, rest = name.partition(".")
    field = next((each for each in here.fields if each.id == identifier), None)
    if field is None or not rest:
        return field
    row, _dot, inner = rest.partition(".")
    child = next((each for each in field.fields if each.id == inner), None)
    return field.in_row(row, child) if child is not None and rows.is_row(row) else None
