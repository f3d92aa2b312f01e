"""The pages of an agent who writes requests down for others, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

C = "agents/saisie/demarche/<slug:slug>/"
F = f"{C}<uuid:draft>"
HERE = "agents/saisie/demarche/signalement-voirie"
Q = "agents/saisie/renseignements/"
CASE = "agents/demandes/<uuid:pk>/"
TURNED = "agents/demandes/{new}/requalification/?demarche=acte-etat-civil"
WHO = {"who": "agent"}

PAGES = [
    Entry("agents/saisie/", **WHO),
    Entry("agents/saisie/", "nothing found", "agents/saisie/?mots=xylophone", **WHO),
    Entry("agents/saisie/lettres/", **WHO),
    Entry(Q, **WHO),
    Entry(f"{Q}nouveau/", **WHO),
    Entry(f"{Q}nouveau/", "errors", submit="/nouveau/", status=422, **WHO),
    Entry(f"{Q}<int:number>/reponse/", "errors", Q, submit="/{question}/reponse/", status=422, **WHO),
    Entry(C, "", f"{HERE}/", **WHO),
    Entry(C, "errors", f"{HERE}/", submit="", fill={"received_on": ""}, status=422, **WHO),
    Entry(f"{F}/<slug:page>/", "", f"{HERE}/{{entry}}/probleme/", **WHO),
    Entry(f"{F}/verifier", "", f"{HERE}/{{entry_ready}}/verifier", **WHO),
    Entry(f"{F}/plus-tard", "", f"{HERE}/{{entry}}/plus-tard", **WHO),
    Entry(f"{F}/enregistree", "", f"{HERE}/{{entered}}/enregistree", **WHO),
    Entry(CASE, "with a payment", "agents/demandes/{entered}/", **WHO),
    Entry(f"{CASE}paiement/", "errors", "agents/demandes/{new}/?faire=paiement", **WHO,
          submit="/paiement/", status=422),
    Entry(f"{CASE}paiements/<uuid:fee>/<slug:kind>/", "errors", "agents/demandes/{entered}/", **WHO,
          submit="/paiements/{fee}/paye/", status=422),
    Entry(f"{CASE}requalification/", "", TURNED, **WHO),
    Entry(f"{CASE}requalification/", "errors", TURNED, submit="/requalification/", status=422, **WHO),
    Entry("suivi/<str:key>/", "with a payment", "suivi/{owed_key}/"),
]  # fmt: skip

NO_PAGE = [
    NoPage("agents/saisie/lettres/<uuid:pk>.pdf", "file", "agents/saisie/lettres/{letter}.pdf", **WHO),
    NoPage(f"{F}/accuse.pdf", "file", f"{HERE}/{{entered}}/accuse.pdf", **WHO),
    NoPage(f"{F}/remis", "post", f"{HERE}/{{entered}}/remis", **WHO),
    NoPage(f"{F}/garder", "post", f"{HERE}/{{entry}}/garder", **WHO),
    NoPage(f"{F}/effacer", "post", f"{HERE}/{{entry}}/effacer", **WHO),
]  # fmt: skip
