"""The file of a mapping: its header, its code lists, its dates, what is sent and what comes back.

mapping: 1
name: signalement-voirie
application: services-techniques
type: org.etoile.case.submitted.v1
version: 3
codes: {natures: {values: {eclairage: LUM, chaussee: CHA}, default: DIV}}
dates: {jour: {format: dd/MM/yyyy, zone: Europe/Paris}}
send: {Nature: {$code: natures, of: "=event.data.answers.categorie"}}
return: {number: "=answer.Number", code: "=answer.Status", statuses: {ENR: received, TER: closed}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from etoile.contract.problem import Violation, escape
from etoile.contract.schemas import MESSAGE_TYPES
from etoile.expressions.errors import ExpressionError
from etoile.sdk.mapping.codes import REFUSED, CodeTable, text
from etoile.sdk.mapping.dates import PARIS, DateFormat
from etoile.sdk.mapping.shapes import nearest

Scalar = str | int | float | bool | None
_WORDS = {
    "missing": "Il manque.",
    "extra_forbidden": "Ce nom n'est pas connu ici",
    "literal_error": "Cette version du format n'est pas connue : écrire mapping: 1.",
    "int_type": "Il faut un nombre entier.",
    "int_parsing": "Il faut un nombre entier.",
    "string_type": "Il faut un texte.",
    "dict_type": "Il faut des noms et leurs valeurs.",
    "string_too_short": "Il ne peut pas être vide.",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TablePart(_Part):
    """`default` absent: a value out of the table is refused; null: it is left out."""

    values: dict[str, Scalar]
    default: Scalar = None
    back: dict[str, Scalar] = {}
    back_default: Scalar = None

    @field_validator("values", "back", mode="before")
    @classmethod
    def names_are_texts(cls, given: Any) -> Any:
        return {text(name): each for name, each in given.items()} if isinstance(given, Mapping) else given

    def table(self, name: str) -> CodeTable:
        return CodeTable(name, self.values, self._default("default"), self.back, self._default("back_default"))

    def _default(self, name: str) -> Any:
        return getattr(self, name) if name in self.model_fields_set else REFUSED


class DatePart(_Part):
    format: str
    zone: str = PARIS


class MappingFile(_Part):
    """The form of the file; `mapping` is the version of that form, `version` the town's own for this mapping."""

    mapping: Literal[1]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    application: Annotated[str, Field(min_length=1, max_length=100)]
    type: str
    version: Annotated[int, Field(ge=1)]
    notes: str = ""
    codes: dict[str, TablePart] = {}
    dates: dict[str, DatePart] = {}
    send: Any
    back: Any = Field(default=None, alias="return")


def is_file(tree: Any) -> bool:
    """Whether a tree is the file of a mapping; if not, it is a plain tree."""
    return isinstance(tree, Mapping) and "mapping" in tree and ("send" in tree or "return" in tree)


def read(tree: Mapping[Any, Any]) -> tuple[MappingFile | None, list[Violation]]:
    """The file, or what is wrong with its form."""
    try:
        file = MappingFile.model_validate({str(name): each for name, each in tree.items()})
    except ValidationError as error:
        found = (_violation(each) for each in error.errors(include_url=False, include_input=False))
        return None, list(dict.fromkeys(found))
    if file.type not in MESSAGE_TYPES:
        near = nearest(file.type, MESSAGE_TYPES)
        words = f"« {near} » ?" if near else f"il y a : {', '.join(MESSAGE_TYPES)}."
        return file, [Violation("/type", f"Le contrat n'a pas de message « {file.type} » : {words}")]
    return file, []


def forms(file: MappingFile, faults: list[Violation]) -> dict[str, DateFormat]:
    """The date formats of the file, by name."""
    found = {}
    for name, part in file.dates.items():
        try:
            found[name] = DateFormat.compile(part.format, part.zone)
        except ExpressionError as error:
            faults.append(Violation(f"/dates/{escape(name)}", str(error)))
    return found


def _violation(error: Any) -> Violation:
    place = [str(each) for each in error["loc"] if each not in ("str", "int", "float", "bool")]
    pointer = "".join(f"/{escape(each)}" for each in place)
    words = _WORDS.get(error["type"], "Cette valeur n'est pas de la forme attendue.")
    if error["type"] == "extra_forbidden":
        names = [field.alias or name for name, field in MappingFile.model_fields.items()]
        near = nearest(place[-1], names if len(place) == 1 else [*TablePart.model_fields, *DatePart.model_fields])
        words += f" : « {near} » ?" if near else "."
    return Violation(pointer, words)
