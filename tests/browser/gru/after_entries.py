"""A request whose answers changed once it was paid: what is left to an agent."""

from django.db import transaction
from django.utils import timezone

from etoile.gru.access.models import Account, Team
from etoile.gru.cases import actors, amending
from etoile.gru.cases.amending import Amendment
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked
from etoile.gru.fees import pricing
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import How
from tests.browser.harness.pages import Entry, NoPage

CASE = "agents/demandes/<uuid:pk>/"

PAGES = [
    Entry(CASE, "changed", "agents/demandes/{changed}/", who="agent"),
    Entry("suivi/<str:key>/", "changed", "suivi/{changed_key}/"),
]

NO_PAGE = [
    NoPage(f"{CASE}difference/<slug:kind>/", "post", "agents/demandes/{changed}/difference/maintien/", who="agent"),
    NoPage(f"{CASE}service/", "post", "agents/demandes/{changed}/service/", who="agent"),
]


def build(case: Case, agent: Account) -> dict[str, str]:
    """The places it adds."""
    fee = fees.ask(case.pk, agent, fees.Asked(1650, How.TILL))
    fees.pay(fee.pk, agent, reference="Q-2026-0042", paid_on=timezone.localdate())
    other = Team.objects.filter(authority=case.authority_id).exclude(pk=case.team_id).order_by("name")[0]
    with transaction.atomic():
        now = locked(case.pk)
        made = Amendment(
            now.answers, {}, ["Catégorie"], reason="Vous nous l’avez dit au téléphone.",
            proposed={"slug": other.slug, "name": other.name}, missing=["Photo du lieu"],
        )  # fmt: skip
        amending.edit(now, actors.agent(agent), made)
        pricing.follow(now, actors.agent(agent), 1650, 2000)
    return {"changed": str(case.pk), "changed_key": case.tracking_key}
