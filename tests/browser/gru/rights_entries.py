"""The pages of the rights of people over their data, one line for each state: theirs, and the officer's desk."""

from datetime import timedelta

from django.utils import timezone

from etoile.gru.access.models import Account, Authority, Membership, Role
from etoile.gru.cases.models import Case
from etoile.gru.rights import freezes, services
from etoile.gru.rights.models import Request
from tests.browser.harness.pages import Entry, NoPage

OWN = "suivi/<str:key>/mes-donnees/"
DESK = "agents/dpo/"
ENTRIES = [
    Entry(OWN, "", "suivi/{frozen_key}/mes-donnees/"),
    Entry(OWN, "errors", "suivi/{frozen_key}/mes-donnees/", submit="/mes-donnees/", status=422),
    Entry("mon-espace/mes-donnees/", who="resident"),
    Entry(DESK, who="officer"),
    Entry(DESK, "unknown", "agents/dpo/?reference=rien", who="officer", status=422),
    Entry(f"{DESK}demandes/<uuid:pk>/", "", "agents/dpo/demandes/{right}/", who="officer"),
    Entry(f"{DESK}demandes/<uuid:pk>/", "errors", "agents/dpo/demandes/{right}/", who="officer", status=422,
          submit="/demandes/{right}/"),
    Entry(f"{DESK}demandes/<uuid:pk>/delai/", "errors", "agents/dpo/demandes/{right}/", who="officer", status=422,
          submit="/delai/"),
    Entry(f"{DESK}dossiers/<uuid:pk>/", "", "agents/dpo/dossiers/{frozen}/", who="officer"),
    Entry(f"{DESK}dossiers/<uuid:pk>/gel/", "errors", "agents/dpo/dossiers/{busy}/", who="officer", status=422,
          submit="/gel/"),
    Entry(f"{DESK}conservation/", who="officer"),
    Entry(f"{DESK}registre/", who="officer"),
    Entry(f"{DESK}violation/", who="officer"),
    Entry(f"{DESK}violation/", "errors", who="officer", submit="/violation/", status=422),
]  # fmt: skip

NO_PAGE = [
    NoPage(f"{OWN}tout.json", "file", "suivi/{busy_key}/mes-donnees/tout.json"),
    NoPage(f"{OWN}tout.pdf", "file", "suivi/{busy_key}/mes-donnees/tout.pdf"),
    NoPage(f"{OWN}accords/<str:field>/", "post", "suivi/{busy_key}/mes-donnees/accords/rien/"),
    NoPage("mon-espace/mes-donnees/tout.<slug:kind>", "file", "mon-espace/mes-donnees/tout.json", who="resident"),
    NoPage(f"{DESK}dossiers/<uuid:pk>/tout.<slug:kind>", "file", "agents/dpo/dossiers/{busy}/tout.json", who="officer"),
    NoPage(f"{DESK}registre/registre.csv", "file", "agents/dpo/registre/registre.csv", who="officer"),
]


def officer(town: Authority) -> Account:
    found, _made = Account.objects.get_or_create(
        authority=town, email="dpo@valmont-sur-loire.example", defaults={"given_name": "Anne", "family_name": "Roux"}
    )
    Membership.objects.get_or_create(account=found, role=Role.DPO)
    return found


def build(case: Case) -> dict[str, str]:
    """A frozen request, whose person waits for one answer, late, and has received another."""
    account = officer(case.authority)
    answered = services.ask(case, "rectify", "Le numéro de la rue est le 12, pas le 21.")
    services.answer(answered, account, state="granted", words="C’est corrigé, et le service voirie est prévenu.")
    asked = services.ask(case, "access", "Je veux lire les notes qui parlent de moi.")
    Request.objects.filter(pk=asked.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    freezes.place(case.pk, account, "L’adresse est contestée.")
    return {"right": str(asked.pk), "frozen": str(case.pk), "frozen_key": case.tracking_key}
