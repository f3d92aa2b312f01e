"""What of a request may leave for the applications of the hub: the service contracts in force say it together."""

from collections.abc import Mapping, Sequence
from typing import Any

from etoile.gru.cases.models import Case
from etoile.gru.contracts import sharing
from etoile.gru.contracts.grants import Grant
from etoile.gru.documents.models import Document
from etoile.gru.forms import closed
from etoile.gru.forms.models import ProcedureVersion


def granted(case: Case) -> Grant:
    """One statement."""
    sector = case.team.sector.slug if case.team is not None else ""
    return sharing.published(case.authority, case.procedure_version.procedure.slug, sector)


def withheld(version: ProcedureVersion, grant: Grant) -> list[str]:
    """The questions that are kept back, answered or not: that one is there would be an answer to the one before it."""
    slug = version.procedure.slug
    return sorted(each.id for each in closed.questions(version.definition) if each.id not in grant.opened(slug))


def open_answers(version: ProcedureVersion, grant: Grant, answers: Mapping[str, Any]) -> dict[str, Any]:
    return closed.open_answers(version.definition, grant.opened(version.procedure.slug), answers)


def open_documents(version: ProcedureVersion, grant: Grant, documents: Sequence[Document]) -> list[Document]:
    opened, asked = grant.opened(version.procedure.slug), version.definition
    return [each for each in documents if closed.is_open(asked, opened, each.field)]


def answers_of(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Of answers that changed. No statement unless one of them is closed."""
    version = case.procedure_version
    found = open_answers(version, Grant(), answers)
    return found if len(found) == len(answers) else open_answers(version, granted(case), answers)


def documents_of(case: Case, documents: Sequence[Document]) -> list[Document]:
    """Of documents that arrive. No statement unless one of them is closed."""
    version = case.procedure_version
    found = open_documents(version, Grant(), documents)
    return found if len(found) == len(documents) else open_documents(version, granted(case), documents)
