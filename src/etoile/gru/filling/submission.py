"""What a request is made of once its answers are right: the same for a form that is sent and for a program."""

from typing import Any, TypedDict

from etoile.gru.access.models import Team
from etoile.gru.filling.applicants import applicant_of
from etoile.gru.filling.judging import submitted
from etoile.gru.forms import decisions
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.validation import Result


class Submission(TypedDict):
    """For `cases.services.submit`."""

    applicant: dict[str, Any]
    answers: dict[str, Any]
    team: Team
    price: decisions.Quote


def submission(version: ProcedureVersion, result: Result, declared: Result) -> Submission:
    """One statement when the answers send the request to another team than the usual one, else none."""
    definition = version.definition
    of_applicant = {each.id for each in definition.fields if each.applicant}
    answers = submitted(definition, result.cleaned)
    return {
        "applicant": applicant_of(definition, result.cleaned),
        "answers": {key: value for key, value in answers.items() if key not in of_applicant} | declared.cleaned,
        "team": _team(version, decisions.team_of(definition, result.evaluation)),
        "price": decisions.quote(definition, result.evaluation),
    }


def _team(version: ProcedureVersion, slug: str) -> Team:
    usual = version.procedure.team
    if slug == usual.slug:
        return usual
    # A team that no longer exists must not lose a request: the usual one answers for the procedure.
    found = Team.objects.select_related("sector").filter(authority_id=version.procedure.authority_id, slug=slug).first()
    return found or usual
