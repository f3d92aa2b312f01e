"""What goes in and out of the API. Absent and null mean the same: not known."""

import uuid
from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from etoile.gru.cases.models import Case
from etoile.gru.forms import answers_schema, exchange
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.sensitive import is_sealed


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


class CaseOut(Schema):
    id: uuid.UUID
    reference: str
    procedure: str
    procedure_version: int
    state: str = Field(description="submitted, in_progress, accepted, refused, closed, withdrawn")
    waiting_for: str = Field("", description="documents_asked, opinion_asked, payment_due, transferred, or empty")
    business_status: dict[str, str] | None = None
    channel: str
    team: str | None = None
    submitted_at: datetime
    updated_at: datetime
    decided_at: datetime | None = None
    silence_regime: str
    silence_date: date | None = None
    version: int

    @classmethod
    def of(cls, case: Case) -> "CaseOut":
        return cls(**_case(case))


class CaseDetail(CaseOut):
    answers: dict[str, Any] = Field(description="Sensitive answers are left out; their names are in `sensitive`.")
    sensitive: list[str]
    handoffs: list[dict[str, Any]]
    history: list[dict[str, Any]]

    @classmethod
    def of(cls, case: Case) -> "CaseDetail":
        return cls(
            **_case(case),
            answers={key: value for key, value in case.answers.items() if not is_sealed(value)},
            sensitive=sorted(key for key, value in case.answers.items() if is_sealed(value)),
            handoffs=[
                {"application": each.application, "state": each.state, "external_id": each.external_id}
                for each in case.handoffs.all()
            ],
            history=[
                {
                    "at": each.at,
                    "verb": each.verb,
                    "actor": each.actor_kind,
                    "from": each.from_state,
                    "to": each.to_state,
                }
                for each in case.history.all()
            ],
        )


class CasesPage(Schema):
    items: list[CaseOut]
    next: str | None = Field(None, description="The cursor of the next page; also in the Link header.")


class ProceduresPage(Schema):
    items: list[ProcedureOut]


class CaseIn(Schema):
    """Validated exactly as the screens do; errors name each field by its pointer."""

    procedure: str = Field(description="The slug of an open procedure.")
    answers: dict[str, Any] = Field(description="By field id, as the procedure's detail lists them.")
    declarations: dict[str, Any] = Field(default_factory=dict)
    language: str = Field("fr", pattern="^(fr|en)$")


class LinkIn(Schema):
    """What a link fills in beforehand, for one person."""

    answers: dict[str, Any] = Field(description="By the attribute that a field reads (`prefill: {from: link}`).")
    days: int = Field(30, ge=1, le=365, description="How long the link lasts.")


class LinkOut(Schema):
    url: str
    expires_at: datetime


def _case(case: Case) -> dict[str, Any]:
    business = {"code": case.business_code, "label": case.business_label}
    return {
        "id": case.id,
        "reference": case.reference,
        "procedure": case.procedure_version.procedure.slug,
        "procedure_version": case.procedure_version.number,
        "state": case.state,
        "waiting_for": case.substate,
        "business_status": business if any(business.values()) else None,
        "channel": case.channel,
        "team": case.team.slug if case.team else None,
        "submitted_at": case.submitted_at,
        "updated_at": case.updated_at,
        "decided_at": case.decided_at,
        "silence_regime": case.silence_regime,
        "silence_date": case.silence_date,
        "version": case.version,
    }


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
