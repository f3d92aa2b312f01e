"""A case whose answers change: one was edited, another is being, a third is to be corrected by the person."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections


def build(case_id: UUID, agent: Account) -> dict[str, str]:
    """The places it adds."""
    case = Case.objects.get(pk=case_id)
    corrections.keep(opening.of_agent(case, agent), {"danger": "yes"})
    corrections.save(case_id, agent, reason="Vous nous l’avez dit au téléphone.", read=opening.mark(case))
    corrections.keep(opening.of_agent(Case.objects.get(pk=case_id), agent), {"categorie": "eclairage"})
    wrong = [{"field": "description", "fault": "incomplete", "sentence": "Dites de quel côté de la rue est le trou."}]
    soon = timezone.localdate() + timedelta(days=9)
    return {"correction": str(corrections.ask(case_id, agent, wrong=wrong, deadline=soon).pk)}
