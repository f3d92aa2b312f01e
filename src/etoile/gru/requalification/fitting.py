"""What of the answers of a request fits another procedure: kept, set aside, missing. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from etoile.gru.cases.models import Case
from etoile.gru.documents.queries import by_question
from etoile.gru.filling import applicants
from etoile.gru.filling.judging import submitted, trusted
from etoile.gru.filling.moving import moved
from etoile.gru.forms.decisions import Quote, quote, team_of, worked_out
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.evaluation import evaluate
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.forms.validation import FieldError, validate


@dataclass(frozen=True, slots=True)
class Fit:
    """`answers` in clear, by field of the new procedure; `aside` by field of the old one; `missing` are labels of what
    the new one wants and has not. `team` is a slug, `former` the price under the procedure it leaves."""

    answers: dict[str, Any]
    aside: dict[str, Any]
    missing: tuple[str, ...]
    team: str
    price: Quote
    former: Quote

    @property
    def prices(self) -> tuple[int, int]:
        """Before and after, in cents; twice the same when one of them cannot be worked out."""
        return worked_out(self.former, self.price)


def fit(case: Case, version: ProcedureVersion) -> Fit:
    """A question is the same when it has the same identifier and takes the answer. Three statements."""
    old, new = case.procedure_version.definition, version.definition
    given = open_sealed(case.answers, holder=case.pk)
    asked = {each.id for each in old.fields if TYPES[each.type].answered}
    known = trusted(old, {name: value for name, value in given.items() if name in asked})
    result = moved(old, new, known, [])
    theirs = applicants.answers_of(new, case)
    documents = by_question(case.pk)
    judged = validate(new, {**result.answers, **theirs}, documents=documents)
    kept = {name: value for name, value in judged.cleaned.items() if name not in theirs}
    parted = {each.field.partition(".")[0] for each in result.aside}
    lost = {name: known[name] for name in known if name not in kept or name in parted}
    return Fit(
        answers=submitted(new, kept),
        aside=submitted(old, lost),
        missing=tuple(_missing(new, judged.errors)),
        team=team_of(new, judged.evaluation),
        price=quote(new, judged.evaluation),
        former=quote(old, evaluate(old, {**known, **applicants.answers_of(old, case)}, documents)),
    )


def _missing(new: Definition, errors: Sequence[FieldError]) -> list[str]:
    """Of the applicant nothing is asked again: what is not known may be asked by a message."""
    fields = (new.field(error.field) for error in errors)
    return list(dict.fromkeys(str(each.label) for each in fields if each is not None and not each.applicant))
