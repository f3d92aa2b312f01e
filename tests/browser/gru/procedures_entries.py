"""The pages around the questions of a procedure, one line for each state."""

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
