"""Procedures at each step of their life, for the pages of the designer; and a hub that answers them at once."""

from etoile.gru.access.models import Account
from etoile.gru.forms.editing import drafts
from etoile.gru.forms.editing.change import Edit
from etoile.gru.forms.editing.questions import set_procedure
from etoile.gru.forms.editing.structure import set_values
from etoile.gru.forms.models import Procedure
from etoile.gru.outbox.rehearsal import Answer, Read, Receiver, Rehearsed, Value
from tests.browser.harness.pages import Entry, NoPage

P = "agents/demarches/<slug:slug>"
# In service, with a new version begun; and one that lacks nearly everything.
ACTE, NEW = "agents/demarches/acte-etat-civil", "agents/demarches/kermesse"
WHO = {"who": "administrator"}

PAGES = [
    Entry("agents/demarches/bibliotheque/", **WHO),
    Entry("agents/demarches/bibliotheque/<slug:ready>/", "", "agents/demarches/bibliotheque/pacs/", **WHO),
    Entry("agents/demarches/bibliotheque/<slug:ready>/", "errors", "agents/demarches/bibliotheque/pacs/", **WHO,
          submit="", fill={"title": ""}, status=422),
    Entry("agents/demarches/importer/", **WHO),
    Entry("agents/demarches/importer/", "errors", submit="", status=422, **WHO),
    Entry("agents/demarches/tables/", **WHO),
    Entry("agents/demarches/tables/ajouter/", **WHO),
    Entry("agents/demarches/tables/ajouter/", "errors", submit="", status=422, **WHO),
    Entry("agents/demarches/tables/<slug:table>/", "", "agents/demarches/tables/zones-stationnement/", **WHO),
    Entry("agents/demarches/tables/<slug:table>/", "errors", "agents/demarches/tables/zones-stationnement/",
          submit="", status=422, **WHO),
    Entry(f"{P}/fiche-juridique/", "", f"{ACTE}/fiche-juridique/", **WHO),
    Entry(f"{P}/fiche-juridique/", "errors", f"{NEW}/fiche-juridique/", **WHO, submit="", status=422,
          fill={"duration": "deux mois"}),
    Entry(f"{P}/registre/", "", f"{ACTE}/registre/", **WHO),
    Entry(f"{P}/registre/", "errors", f"{NEW}/registre/", **WHO, submit="", status=422, fill={"active": "toujours"}),
    Entry(f"{P}/traitement/", "", f"{ACTE}/traitement/?essai=1", **WHO),
    Entry(f"{P}/messages/", "", f"{ACTE}/messages/", **WHO),
    Entry(f"{P}/messages/<slug:template>/", "", f"{ACTE}/messages/decision/", **WHO),
    Entry(f"{P}/messages/<slug:template>/", "errors", f"{NEW}/messages/decision/", **WHO, submit="", status=422,
          fill={"body": "Avant le {{ deadline }}"}),
    Entry(f"{P}/publication/", "", f"{ACTE}/publication/", **WHO, shown_as="Publier une démarche"),
    Entry(f"{P}/publication/", "incomplete", f"{NEW}/publication/", **WHO),
    Entry(f"{P}/historique/", "", f"{ACTE}/historique/", **WHO),
    Entry(f"{P}/historique/versions/<int:number>/", "", f"{ACTE}/historique/versions/2/", **WHO),
    Entry(f"{P}/fermer/", "", f"{ACTE}/fermer/", **WHO),
    Entry(f"{P}/fermer/", "errors", f"{ACTE}/fermer/", **WHO, submit="", status=422),
    Entry(f"{P}/rouvrir/", "", f"{ACTE}/rouvrir/", **WHO),
    Entry(f"{P}/archiver/", "", f"{ACTE}/archiver/", **WHO),
]  # fmt: skip

NO_PAGE = [
    NoPage("agents/demarches/tables/<slug:table>/precedente/", "post",
           "agents/demarches/tables/zones-stationnement/precedente/", **WHO),
    NoPage(f"{P}/historique/versions/<int:number>/fichier/", "file", f"{ACTE}/historique/versions/1/fichier/", **WHO),
    NoPage(f"{P}/traitement/orientations/ajouter/", "post", f"{ACTE}/traitement/orientations/ajouter/", **WHO),
    NoPage(f"{P}/traitement/orientations/<int:number>/retirer/", "post",
           f"{ACTE}/traitement/orientations/0/retirer/", **WHO),
]  # fmt: skip


def prepare(account: Account) -> None:
    """A version begun over one in service, with something of each change; a procedure just begun."""
    acte = Procedure.objects.get(authority=account.authority, slug="acte-etat-civil")
    drafts.open_draft(acte, by=account)
    set_procedure(Edit(acte, 0, account), {"delay": {"fr": "Une semaine", "en": "One week"}})
    set_values(Edit(acte, 1, account, "Dit à l’accueil"), "field", "motif", {"hint": {"fr": "Pour quoi faire ?"}})
    message = {"subject": {"fr": "Votre acte {{ reference }}"}, "body": {"fr": "Bonjour du {{ service }}."}}
    set_procedure(Edit(acte, 2, account), {"messages": {"decision": message}}, verb="message_changed")
    drafts.create(account.authority, title={"fr": "Kermesse"}, team=acte.team, by=account)


def hub(type: str, *, authority: str, data: list[dict[str, object]]) -> Rehearsed:
    """In place of the hub, which no page test starts: one application, which reads two answers."""
    reads = tuple(Read(f"answers.{name}", "mapping", True) for name in ("type_acte", "motif"))
    values = (Value("/send/Type", "", "Copie intégrale", ""), Value("/send/Motif", "", "Mariage", ""))
    told = Receiver("etat-civil", "État civil (simulé)", True, "", (), reads, values)
    return Rehearsed(Answer.GIVEN, tuple((told,) for _each in data))
