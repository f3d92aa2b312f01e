"""Procedures as the API gives them. Absent and null mean the same: not known."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from etoile.gru.api.shapes.given import Given
from etoile.gru.forms import answers_schema, exchange
from etoile.gru.forms.models import Procedure


class ProcedureOut(Schema):
    slug: str
    title: dict[str, str]
    summary: dict[str, str]
    version: int
    state: str

    @classmethod
    def of(cls, procedure: Procedure) -> "ProcedureOut":
        version = procedure.current
        definition = version.definition
        return cls(
            slug=procedure.slug,
            title=version.name.raw(),
            summary=definition.summary.raw(),
            version=version.number,
            state=procedure.state,
        )


class FieldOut(Schema):
    id: str
    type: str
    label: dict[str, str]
    required: bool
    page: str
    sensitive: bool
    options: list[dict[str, Any]]
    fields: list["FieldOut"] = Field(default_factory=list, description="The questions of each row of a block.")


class ProcedureDetail(ProcedureOut):
    fields: list[FieldOut]
    declarations: list[FieldOut]

    @classmethod
    def of(cls, procedure: Procedure) -> "ProcedureDetail":
        definition = procedure.current.definition
        return cls(
            **ProcedureOut.of(procedure).model_dump(),
            fields=[_field(each, page.id) for page, _section, each in definition.walk()],
            declarations=[_field(each, "") for each in definition.declarations],
        )


class SchemasOut(Schema):
    procedure: str
    version: int
    accepted: dict[str, Any] = Field(description="Of the `answers` given to POST cases.")
    published: dict[str, Any] = Field(description="Of `data.answers` in org.etoile.case.submitted.v1.")

    @classmethod
    def of(cls, procedure: Procedure) -> "SchemasOut":
        version = procedure.current
        definition = version.definition
        return cls(
            procedure=procedure.slug,
            version=version.number,
            accepted=answers_schema.accepted(definition),
            published=answers_schema.published(definition),
        )


class DefinitionOut(Schema):
    procedure: str
    version: int
    definition: dict[str, Any] = Field(description="As docs/procedures.md describes it, in its canonical form.")
    yaml: str = Field(description="The same as one file, which the designer and `etoile gru procedure` read.")

    @classmethod
    def of(cls, procedure: Procedure) -> "DefinitionOut":
        source = procedure.current.source
        return cls(
            procedure=procedure.slug,
            version=procedure.current.number,
            definition=exchange.canonical(source),
            yaml=exchange.to_yaml(source),
        )


class ProceduresPage(Schema):
    items: list[ProcedureOut]


class LinkIn(Given):
    """What a link fills in beforehand, for one person."""

    answers: dict[str, Any] = Field(description="By the attribute that a field reads (`prefill: {from: link}`).")
    days: int = Field(30, ge=1, le=365, description="How long the link lasts.")


class LinkOut(Schema):
    url: str
    expires_at: datetime


def _field(each: Any, page: str) -> FieldOut:
    return FieldOut(
        id=each.id,
        type=each.type,
        label=each.label.raw(),
        required=each.required,
        page=page,
        sensitive=each.sensitive,
        options=[{"value": option.value, "label": option.label.raw()} for option in each.options],
        fields=[_field(child, page) for child in each.fields],
    )
