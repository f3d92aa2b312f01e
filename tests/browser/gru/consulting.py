"""A case whose answers change, and about which opinions are asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import received
from etoile.gru.opinions import services as opinions
from etoile.gru.opinions.links import token_of
from tests.gru.portal.journey import picture


def build(case_id: UUID, agent: Account) -> dict[str, str]:
    """The places it adds. An answer was edited, another is being, a third is to be corrected by the person."""
    case = Case.objects.get(pk=case_id)
    corrections.keep(opening.of_agent(case, agent), {"danger": "yes"})
    corrections.save(case_id, agent, reason="Vous nous l’avez dit au téléphone.", read=opening.mark(case))
    corrections.keep(opening.of_agent(Case.objects.get(pk=case_id), agent), {"categorie": "eclairage"})
    wrong = [{"field": "description", "fault": "incomplete", "sentence": "Dites de quel côté de la rue est le trou."}]
    soon = timezone.localdate() + timedelta(days=9)
    asked = corrections.ask(case_id, agent, wrong=wrong, deadline=soon)
    return {"correction": str(asked.pk), **consult(case, agent)}


def consult(case: Case, agent: Account) -> dict[str, str]:
    """An opinion is awaited, another was given with a file."""
    shown, soon = Document.objects.filter(holder=case.pk)[0], timezone.localdate() + timedelta(days=9)
    given: dict[str, Any] = {"deadline": soon, "fields": ["categorie", "description"], "documents": [str(shown.pk)]}
    awaited = opinions.ask(case.pk, agent, name="Département, routes", email="routes@departement.example",
                           question="Cette rue est-elle à vous ?", **given)  # fmt: skip
    other = opinions.ask(case.pk, agent, name="Architecte des Bâtiments de France", email="abf@culture.example",
                         question="Les pavés sont-ils protégés ?", **given)  # fmt: skip
    with received(picture(), accept=("jpeg", "png"), max_size=10_000_000) as file:
        opinions.give(
            other.pk, outcome="reserved", text="Reposez les pavés d’origine.", author="D. Leroy", received=[file]
        )
    return {
        "opinion_asked": token_of(awaited.pk),
        "opinion_given": token_of(other.pk),
        "opinion": str(other.pk),
        "opinion_file": str(Document.objects.get(holder=other.pk).pk),
        "opinion_shown": str(shown.pk),
    }
