"""Cases as the API gives them, and what makes a new one. Absent and null mean the same: not known."""

import uuid
from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from etoile.gru.api.allowed import Allowed
from etoile.gru.api.people import READ, People, given
from etoile.gru.api.shapes.given import Given
from etoile.gru.cases.models import Case
from etoile.gru.contracts.grants import Grant
from etoile.gru.documents.models import Document
from etoile.gru.forms.sensitive import is_sealed


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
    assignee: str | None = Field(None, description="The e-mail address of the agent who follows it.")
    submitted_at: datetime
    updated_at: datetime
    decided_at: datetime | None = None
    silence_regime: str
    silence_date: date | None = None
    version: int = Field(description="Grows at each change; the ETag of the case.")

    @classmethod
    def of(cls, case: Case) -> "CaseOut":
        return cls(**_case(case))


class DocumentOut(Schema):
    id: uuid.UUID
    field: str
    name: str
    media_type: str
    size: int
    sha256: str
    state: str = Field(description="unchecked, clean, infected or unavailable: what the antivirus said.")

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        return cls(**{name: getattr(document, name) for name in cls.model_fields})


class CaseDetail(CaseOut):
    answers: dict[str, Any] = Field(
        description="Those this client may read; the sensitive ones that its limits and its service contract name."
    )
    sensitive: list[str] = Field(description="The sensitive answers that exist and are not given.")
    mandate: dict[str, str] = Field(
        description="For whom the person asks; empty, for themselves. Its name follows that of who asks."
    )
    applicant: dict[str, Any] | None = Field(
        None, description="Who asks: what the service contract allows, for a token with people:read."
    )
    applicant_withheld: str = Field("", description="Why a token with people:read is given nothing of who asks.")
    documents: list[DocumentOut]
    handoffs: list[dict[str, Any]]
    history: list[dict[str, Any]]

    @classmethod
    def read(cls, case: Case, allowed: Allowed) -> "CaseDetail":
        """Four statements, four more for the person; one for what is closed, when the procedure asks some."""
        opened = allowed.opened(case)
        answers = allowed.answers(case, opened)
        people = People(allowed) if READ in allowed.scopes else None
        grant = people.on(case) if people is not None else Grant()
        sealed = {name for name, value in case.answers.items() if is_sealed(value)}
        return cls(
            **_case(case),
            answers=answers,
            sensitive=sorted(sealed - set(answers)),
            mandate=_mandate(case, grant),
            applicant=given(allowed, case, grant) if grant else None,
            applicant_withheld=people.why_nothing() if people is not None and not grant else "",
            documents=[
                DocumentOut.of(each)
                for each in Document.objects.filter(holder=case.id)
                if allowed.reads(case, each.field, opened)
            ],
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


class MandateIn(Given):
    on_behalf_of: str = Field(
        description="child, person, association or company: what the procedure's audience allows."
    )
    name: str = Field(min_length=1, max_length=200)
    capacity: str = Field(description="parent, legal_representative, mandate or helper.")


class DraftIn(Given):
    procedure: str = Field(max_length=80, description="The slug of an open procedure.")


class DraftOut(Schema):
    id: uuid.UUID
    key: str = Field(description="Opens this draft, and no other; told once.")
    expires_at: datetime


class DraftRef(Given):
    id: uuid.UUID
    key: str = Field(max_length=200)


class CaseIn(Given):
    """Validated exactly as the screens do; errors name each field by its pointer."""

    procedure: str = Field(description="The slug of an open procedure.")
    answers: dict[str, Any] = Field(description="By field id, as the procedure's detail lists them.")
    declarations: dict[str, Any] = Field(default_factory=dict)
    language: str = Field("fr", pattern="^(fr|en)$")
    mandate: MandateIn | None = Field(None, description="For whom, when the person asks for somebody else.")
    draft: DraftRef | None = Field(None, description="The draft that holds the documents, if there are any.")


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
        "assignee": case.assignee.email if case.assignee else None,
        "submitted_at": case.submitted_at,
        "updated_at": case.updated_at,
        "decided_at": case.decided_at,
        "silence_regime": case.silence_regime,
        "silence_date": case.silence_date,
        "version": case.version,
    }


def _mandate(case: Case, grant: Grant) -> dict[str, str]:
    """A name is given to whoever is given names."""
    named = "family_name" in grant.read
    return {key: value for key, value in case.mandate.items() if named or key != "name"}
