"""What a new case is made of: everything `services.submit` needs to compute before it writes."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from etoile.gru.access.models import Authority, Team
from etoile.gru.cases import keys, references
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.dates import length
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.moves import next_row
from etoile.gru.cases.promises import due_at
from etoile.gru.cases.workflow import timers
from etoile.gru.contracts import sharing
from etoile.gru.contracts.grants import Grant, Known, declared
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.sensitive import open_sealed, seal
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.people.models import Level, Person
from etoile.gru.people.pairwise import identifier
from etoile.gru.people.services import record_again, record_applicant


class AlreadySubmitted(Exception):
    """A case with this id exists: the draft was confirmed twice."""


def prepare(
    authority: Authority,
    version: ProcedureVersion,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    case_id: uuid.UUID | None,
    at: datetime,
    first_received_on: date | None = None,
    team: Team | None = None,
) -> Case:
    """The case, filled but not written; its person and its reference come at the writing."""
    identity = case_id or uuid7()
    team = team or version.procedure.team
    key = keys.new_key()
    case = Case(
        id=identity,
        authority=authority,
        procedure_version=version,
        team=team,
        sector_id=team.sector_id,
        contact_name=display_name(applicant),
        contact_email=str(applicant.get("email") or ""),
        version=1,
        sequence=1,
        correlation=uuid7(),
        answers=seal(version.definition, answers, holder=identity),
        tracking_hash=keys.fingerprint(key),
        tracking_sealed=keys.seal(key, identity),
        submitted_at=at,
        updated_at=at,
        first_received_on=first_received_on,
        answer_due_at=promised(version, authority, at),
    )
    running.start(case)
    timers.schedule(case, at)
    return case


def first_row(case: Case, actor: Actor, price: Quote | None = None) -> History:
    due = {"price": price.total} if price is not None and price.lines else {}
    mandate = {"mandate": case.mandate} if case.mandate else {}
    detail = {"channel": str(case.channel), **mandate, **due}
    return next_row(case, "submit", actor, at=case.submitted_at, detail=detail)


def promised(version: ProcedureVersion, authority: Authority, at: datetime) -> datetime | None:
    """When the procedure promises a first answer, if it does."""
    return due_at(at, timezone_name=authority.timezone, length=length(version.definition.answer_within))


def display_name(applicant: Mapping[str, Any]) -> str:
    """The name letters are addressed to: the organisation, or first then family name."""
    if applicant.get("organisation"):
        return str(applicant["organisation"])[:200]
    names = (applicant.get("given_names"), applicant.get("family_name"))
    return " ".join(str(name) for name in names if name)[:200]


def applicant(
    authority: Authority, said: Mapping[str, Any], person: uuid.UUID | None
) -> tuple[Person, dict[str, Known]]:
    """Who asks, and what is published of them: `person` when it was proven to be them, else a new one each time."""
    again = record_again(authority, person, said) if person is not None else None
    if again is None:
        return record_applicant(authority, dict(said)), declared(said)
    found, levels = again
    return found, {key: Known(value, levels.get(key, Level.DECLARED)) for key, value in said.items()}


def applicant_data(case: Case, kind: str, known: Mapping[str, Known], grant: Grant) -> dict[str, Any]:
    """The applicant as published: what the service contracts allow, under an identifier of the sector, which no other
    sector can join with its own."""
    sector = case.team.sector.slug if case.team is not None else ""
    told = {key: each for key, each in known.items() if each.value not in (None, "")}
    return {
        **sharing.applicant(grant, told),
        "kind": str(kind),
        "person": identifier(case.person_id, case.authority_id, sector),
    }


def clear_answers(case: Case) -> dict[str, Any]:
    """The answers as they are published: the sensitive ones opened."""
    return open_sealed(case.answers, holder=case.id)


def reference(at: datetime, authority: Authority, length: int) -> str:
    return references.generate(at.astimezone(authority.zone).year, length)


def constraint_of(error: IntegrityError) -> str:
    """The name of the violated constraint, or an empty text."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""
