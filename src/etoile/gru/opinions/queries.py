"""Reading opinions: those of a case, and what an invitation shows."""

from dataclasses import dataclass

from etoile.gru.cases import queries as cases
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.forms.rows import all_said
from etoile.gru.opinions.models import Opinion


@dataclass(frozen=True, slots=True)
class Shown:
    """An opinion with the files given with it."""

    opinion: Opinion
    documents: tuple[Document, ...]


def of_case(case: Case) -> tuple[Shown, ...]:
    """Two statements at most."""
    found = list(Opinion.objects.filter(case=case).select_related("asked_by"))
    held: dict[object, list[Document]] = {}
    for each in Document.objects.filter(holder__in=[each.pk for each in found]) if found else ():
        held.setdefault(each.holder, []).append(each)
    return tuple(Shown(each, tuple(held.get(each.pk, ()))) for each in found)


def shared_answers(opinion: Opinion) -> list[tuple[str, list[str]]]:
    """The answers that were chosen, in words, in the order of the form: label and lines. No statement."""
    answers, chosen = cases.clear_answers(opinion.case), opinion.shared.get("fields", ())
    shown = {name: value for name, value in answers.items() if name in chosen and value is not None}
    return all_said(opinion.case.procedure_version.definition, shown)


def shared_documents(opinion: Opinion) -> list[Document]:
    """One statement, none when nothing was chosen."""
    chosen = opinion.shared.get("documents", ())
    return list(Document.objects.filter(holder=opinion.case_id, pk__in=chosen)) if chosen else []
