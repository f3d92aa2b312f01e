"""What a posted page asks for, besides keeping its answers: a row more or less, a file, a stop."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import files, rows, services
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.definition import Field, Page
from etoile.gru.forms.fields import TYPES
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


def removed_row(request: HttpRequest, filling: Filling, here: Page) -> Address | None:
    """Take away the row whose button was pressed."""
    asked = address_of(here, request.POST.get("remove_row", ""))
    if asked is not None:
        services.remove_row(filling, here, asked.block, asked.row)
    return asked


def attach(request: HttpRequest, filling: Filling, here: Page) -> dict[str, str]:
    """Keep the files that were sent; what is refused is said under its question."""
    refused: dict[str, str] = {}
    for name in request.FILES:
        each = question_of(here, str(name))
        for upload in request.FILES.getlist(name) if each is not None and TYPES[each.type].holds_files else ():
            if each is None or not isinstance(upload, UploadedFile):
                continue
            try:
                files.attach(filling, each, upload, lighten=f"{name}.lighten" in request.POST)
            except DocumentRefused as error:
                refused[each.id] = f"« {each.label} » : {error}"
    return refused


def question_of(here: Page, name: str) -> Field | None:
    """The question of this page, or of a row of one of its blocks, that a control names; None for what is made up."""
    identifier, _dot, rest = name.partition(".")
    field = next((each for each in here.fields if each.id == identifier), None)
    if field is None or not rest:
        return field
    row, _dot, inner = rest.partition(".")
    child = next((each for each in field.fields if each.id == inner), None)
    return field.in_row(row, child) if child is not None and rows.is_row(row) else None
