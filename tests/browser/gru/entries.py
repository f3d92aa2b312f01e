"""The pages of the GRU, one line for each state worth looking at."""

from etoile.design.gallery.catalogue import GROUPS
from tests.browser.gru import designing, procedures
from tests.browser.harness.pages import Entry, NoPage

FORM = "demarches/<slug:slug>/remplir/<uuid:draft>"
CARD = "demarches/stationnement-resident"
REPORT = "demarches/signalement-voirie"
CASE = "agents/demandes/<uuid:pk>/"

PUBLIC = [
    Entry("", shown_as="Accueil"),
    Entry("demarches/", shown_as="Toutes les démarches"),
    Entry("demarches/", "filtered", "demarches/?q=naissance&theme=etat-civil&comment=en-ligne"),
    Entry("demarches/", "nothing found", "demarches/?q=xylophone"),
    Entry("recherche", "", "recherche?q=naisance", shown_as="Recherche"),
    Entry("recherche", "nothing asked"),
    Entry("recherche", "nothing found", "recherche?q=xylophone"),
    Entry("situations/<slug:slug>/", "", "situations/naissance/", shown_as="Une situation"),
    Entry("situations/<slug:slug>/", "unknown", "situations/rien/", status=404),
    Entry("fiches/<slug:slug>/", "", "fiches/carte-identite-passeport/", shown_as="Une fiche"),
    Entry("lieux/", shown_as="Lieux et horaires"),
    Entry("actualites/"),
    Entry("actualites/<slug:slug>/", "", "actualites/marche-de-noel/"),
    Entry("demarches/<slug:slug>/", "", "demarches/acte-etat-civil/", shown_as="Une démarche"),
    Entry("demarches/<slug:slug>/", "with a draft", f"{REPORT}/", who="person"),
    Entry("demarches/<slug:slug>/", "unknown", "demarches/rien/", status=404),
    Entry("demarches/<slug:slug>/remplir/", "", "demarches/inscription-periscolaire/remplir/"),
    Entry("demarches/<slug:slug>/remplir/", "errors", "demarches/inscription-periscolaire/remplir/",
          submit="/remplir/", fill={"name": "Lou Martin"}, status=422),
    Entry(f"{FORM}/<slug:page>/", "", f"{REPORT}/remplir/{{draft}}/probleme/", who="person", shown_as="Une étape"),
    Entry(f"{FORM}/<slug:page>/", "errors", f"{REPORT}/remplir/{{draft}}/probleme/", who="person", status=422,
          submit="/probleme/", shown_as="Une étape, avec des erreurs"),
    Entry(f"{FORM}/<slug:page>/", "rows", "demarches/vide-grenier/remplir/{rows}/emplacement/", who="person"),
    Entry(f"{FORM}/<slug:page>/", "rows with errors", "demarches/vide-grenier/remplir/{rows}/emplacement/",
          who="person", status=422, submit="/emplacement/"),
    Entry(f"{FORM}/<slug:page>/", "refused", "demarches/vide-grenier/remplir/{refused}/emplacement/", who="person"),
    Entry(f"{FORM}/<slug:page>/", "upload", f"{REPORT}/remplir/{{ready}}/lieu/", who="person"),
    Entry(f"{FORM}/<slug:page>/", "address", f"{REPORT}/remplir/{{ready}}/vos-coordonnees/", who="person"),
    Entry(f"{FORM}/plus-tard", "", f"{REPORT}/remplir/{{draft}}/plus-tard", who="person"),
    Entry(f"{FORM}/plus-tard", "errors", f"{REPORT}/remplir/{{draft}}/plus-tard", who="person", status=422,
          submit="/plus-tard", fill={"email": "camille"}),
    Entry("demarches/reprendre/"),
    Entry("demarches/reprendre/", "errors", submit="/reprendre/", fill={"code": "K7QM"}, status=422),
    Entry("demarches/reprendre/<str:token>/", "", "demarches/reprendre/{token}/"),
    Entry("demarches/reprendre/<str:token>/", "unknown", "demarches/reprendre/rien/", status=404),
    Entry(f"{FORM}/<slug:page>/", "asked of the hub", f"{CARD}/remplir/{{card}}/rue/", who="person"),
    Entry(f"{FORM}/<slug:page>/", "asked of the hub, errors", f"{CARD}/remplir/{{card}}/rue/", who="person", status=422,
          submit="/rue/", fill={"rue_ecrite": ""}),
    Entry(f"{FORM}/verifier", "", f"{REPORT}/remplir/{{ready}}/verifier", who="person", shown_as="Le récapitulatif"),
    Entry(f"{FORM}/envoyee", "", f"{REPORT}/remplir/{{sent}}/envoyee", who="person", shown_as="L’accusé"),
    Entry("suivi/", shown_as="Retrouver une demande"),
    Entry("suivi/", "errors", submit="/suivi/", status=422),
    Entry("suivi/", "link sent", submit="/suivi/", fill={"reference": "26-ZZZZ-9", "email": "camille@exemple.fr"}),
    Entry("suivi/<str:key>/", "", "suivi/{busy_key}/", shown_as="Le suivi"),
    Entry("suivi/<str:key>/", "new", "suivi/{new_key}/"),
    Entry("suivi/<str:key>/", "decided", "suivi/{decided_key}/"),
    Entry("suivi/<str:key>/", "unknown", "suivi/rien/", status=404),
    Entry("suivi/<str:key>/messages/", "errors", "suivi/{busy_key}/", submit="/messages/", status=422),
    Entry("suivi/<str:key>/documents/", "errors", "suivi/{busy_key}/", submit="/documents/", status=422),
    Entry("suivi/<str:key>/accuse/", "", "suivi/{new_key}/accuse/"),
    Entry("suivi/<str:key>/retrait/", "", "suivi/{other_key}/retrait/"),
    Entry("accessibilite", shown_as="La déclaration d’accessibilité"),
    Entry("accessibilite/signaler"),
    Entry("ecoconception"),
    Entry("mentions-legales"),
    Entry("donnees-personnelles"),
    Entry("plan-du-site"),
    Entry("aide"),
    Entry("contact"),
]  # fmt: skip

AGENTS = [
    Entry("agents/connexion/", shown_as="Connexion des agents"),
    Entry("agents/connexion/", "errors", submit="", status=200),
    Entry("agents/", "", "agents/?onglet=toutes", who="agent", shown_as="Les demandes"),
    Entry("agents/", "nothing found", "agents/?reference=26-ZZZZ-9", who="agent"),
    Entry(CASE, "", "agents/demandes/{busy}/", who="agent", shown_as="Une demande"),
    Entry(CASE, "new", "agents/demandes/{new}/", who="agent"),
    Entry(CASE, "decided", "agents/demandes/{decided}/", who="agent"),
    Entry(f"{CASE}messages/", "errors", "agents/demandes/{busy}/", who="agent", submit="/messages/", status=422),
    Entry(CASE, "deciding", "agents/demandes/{new}/?faire=decider", who="agent", shown_as="Une décision"),
    Entry(f"{CASE}pieces/", "errors", "agents/demandes/{busy}/?faire=pieces", who="agent", submit="/pieces/",
          status=422),
    Entry(f"{CASE}decision/", "errors", "agents/demandes/{busy}/?faire=decider", who="agent", submit="/decision/",
          status=422),
    Entry(f"{CASE}transmission/", "errors", "agents/demandes/{busy}/?faire=transmettre", who="agent",
          submit="/transmission/", status=422),
    Entry(f"{CASE}reouverture/", "errors", "agents/demandes/{decided}/?faire=rouvrir", who="agent",
          submit="/reouverture/", status=422),
    Entry("agents/mot-de-passe/", who="agent"),
    Entry("agents/mot-de-passe/", "errors", who="agent", submit="", status=422),
    Entry("agents/accessibilite"),
    Entry("agents/administration/alerte/", who="administrator"),
    Entry("agents/administration/textes/", who="administrator"),
    Entry("agents/administration/textes/<slug:page>/<slug:language>/", "", "agents/administration/textes/aide/fr/",
          who="administrator"),
    Entry("agents/administration/alerte/", "errors", submit="", fill={"title": "", "until": "hier"}, status=422,
          who="administrator"),
    Entry("agents/administration/accessibilite/", who="administrator"),
    Entry("agents/administration/accessibilite/<slug:product>/", "", "agents/administration/accessibilite/portal/",
          who="administrator"),
    Entry("agents/administration/accessibilite/<slug:product>/", "errors", submit="", status=422, who="administrator",
          address="agents/administration/accessibilite/portal/", fill={"email": "pas un courriel"}),
    Entry("agents/anomalies/", who="agent", shown_as="Les anomalies"),
    Entry("agents/anomalies/sortant/<uuid:event_id>/", "errors", "agents/anomalies/", who="agent",
          submit="/anomalies/sortant/{outgoing}/", button="drop", status=422),
    Entry("agents/anomalies/entrant/<int:pk>/", "errors", "agents/anomalies/", who="agent",
          submit="/anomalies/entrant/{held}/", button="drop", status=422),
]  # fmt: skip

GALLERY = [
    Entry("design/", who="agent"),
    *(Entry("design/<slug:slug>/", group.slug, f"design/{group.slug}/", who="agent") for group in GROUPS),
]

ENTRIES = [*PUBLIC, *AGENTS, *designing.ENTRIES, *procedures.PAGES, *GALLERY]

NO_PAGE = [
    *designing.NO_PAGE,
    *procedures.NO_PAGE,
    NoPage("langue/", "redirect"),
    NoPage("agents/deconnexion/", "post", who="agent"),
    NoPage(f"{FORM}/garder", "post", f"{REPORT}/remplir/{{draft}}/garder", who="person"),
    NoPage(f"{FORM}/reprendre", "redirect", f"{REPORT}/remplir/{{draft}}/reprendre", who="person"),
    NoPage(f"{FORM}/effacer", "post", f"{REPORT}/remplir/{{draft}}/effacer", who="person"),
    NoPage("suivi/<str:key>/documents/<uuid:document_id>/", "file", "suivi/{new_key}/documents/{document}/"),
    NoPage("suivi/<str:key>/papiers/<slug:kind>.pdf", "file", "suivi/{other_key}/papiers/accuse.pdf"),
    NoPage(f"{CASE}papiers/<slug:kind>.pdf", "file", "agents/demandes/{decided}/papiers/decision-1.pdf", who="agent"),
    NoPage("suivi/<str:key>/attestation/", "post", "suivi/{other_key}/attestation/"),
    NoPage(f"{CASE}prise-en-charge/", "post", "agents/demandes/{new}/prise-en-charge/", who="agent"),
    NoPage(f"{CASE}documents/<uuid:document_id>/", "file", "agents/demandes/{document_case}/documents/{document}/",
           who="agent"),
]  # fmt: skip

# What only programs call: JSON, events, files for the hub.
MACHINE = ("health/", "documents/", "inbox/", "api/")
