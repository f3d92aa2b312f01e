"""The pages of the hub's console, one line for each state worth looking at."""

from tests.browser.harness.pages import Entry, NoPage

SUBMITTED = "org.etoile.case.submitted.v1"


def page(route: str, state: str = "", address: str = "", **more: object) -> Entry:
    """A page of the console, opened by an operator; addresses are written from `console/`."""
    where = f"console/{address}" if address else ""
    return Entry(f"console/{route}", state, where, **{"who": "operator", **more})  # type: ignore[arg-type]


NEW = "abonnements/nouveau/?application=guichet"

ENTRIES = [
    page("", shown_as="La console : l’étoile"),
    page("connexion/", who="", shown_as="Connexion des opérateurs"),
    page("connexion/", "errors", who="", submit=""),
    page("mot-de-passe/"),
    page("mot-de-passe/", "errors", submit="", status=422),
    page("envois/", shown_as="Les envois"),
    page("envois/", "searched", "envois/?words=délai"),
    page("envois/", "nothing found", "envois/?words=xylophone"),
    page("envois/ensemble/", "", "envois/ensemble/?state=dead"),
    page("envois/ensemble/", "errors", "envois/ensemble/?state=dead", submit="/ensemble/", status=422),
    page("envois/<uuid:pk>/", "", "envois/{delivery}/", shown_as="Un envoi arrêté"),
    page("envois/<uuid:pk>/decision/", "errors", "envois/{delivery}/", submit="/decision/", status=422),
    page("messages/"),
    page("messages/<uuid:pk>/", "", "messages/{message}/"),
    page("messages/<uuid:pk>/contenu/", "", "messages/{message}/", submit="/contenu/"),
    page("chiffres/", shown_as="Les chiffres"),
    page("consultations/"),
    page("consultations/<slug:name>/", "", "consultations/quotient-familial/"),
    page("consultations/<slug:name>/essai/", "errors", "consultations/quotient-familial/", submit="/essai/",
         status=422),
    page("consultations/<slug:name>/<slug:provider>/verification/", "", "consultations/quotient-familial/",
         submit="/verification/"),
    page("alertes/"),
    page("quarantaine/"),
    page("quarantaine/decision/", "errors", "quarantaine/", submit="/decision/", status=422),
    page("rapprochement/"),
    page("rapprochement/<int:pk>/", "", "rapprochement/{report}/"),
    page("journal/"),
    page("applications/"),
    page("applications/nouvelle/"),
    page("applications/nouvelle/", "errors", submit="", status=422),
    page("applications/<slug:slug>/", "", "applications/guichet/", shown_as="Une application"),
    page("applications/<slug:slug>/modifier/", "", "applications/guichet/modifier/"),
    page("applications/<slug:slug>/modifier/", "errors", "applications/guichet/modifier/", submit="",
         fill={"name": ""}, status=422),
    page("applications/<slug:slug>/contrat/", "", "applications/guichet/contrat/"),
    page("applications/<slug:slug>/contrat/", "errors", "applications/guichet/contrat/", submit="", status=422),
    page("applications/<slug:slug>/acces/", "", "applications/guichet/acces/"),
    page("applications/<slug:slug>/acces/", "errors", "applications/guichet/acces/", submit="", status=422),
    page("applications/<slug:slug>/acces/retirer/", "errors", "applications/guichet/", submit="/retirer/", status=422),
    page("collectivites/nouvelle/"),
    page("collectivites/nouvelle/", "errors", submit="", status=422),
    page("abonnements/nouveau/", "choice", NEW),
    page("abonnements/nouveau/", "", f"{NEW}&type={SUBMITTED}&connecteur=webhook"),
    page("abonnements/nouveau/", "errors", f"{NEW}&type={SUBMITTED}&connecteur=webhook", submit="", status=422),
    page("abonnements/<slug:slug>/", "", "abonnements/guichet-demandes/", shown_as="Un abonnement"),
    page("abonnements/<slug:slug>/", "paused", "abonnements/finances-demandes/"),
    page("abonnements/<slug:slug>/modifier/", "", "abonnements/guichet-demandes/modifier/"),
    page("abonnements/<slug:slug>/modifier/", "errors", "abonnements/guichet-demandes/modifier/", submit="",
         fill={"filtre": "event."}, status=422),
    page("abonnements/<slug:slug>/connecteur/", "", "abonnements/guichet-demandes/connecteur/"),
    page("abonnements/<slug:slug>/bascule/", "errors", "abonnements/guichet-demandes/", submit="/bascule/",
         status=422),
    page("abonnements/<slug:slug>/verification/", "", "abonnements/guichet-demandes/", submit="/verification/"),
    page("abonnements/<slug:slug>/essai/", "", "abonnements/guichet-demandes/essai/"),
    page("abonnements/<slug:slug>/essai/", "done", "abonnements/guichet-demandes/essai/", submit=""),
    page("connecteurs/"),
    page("operateurs/"),
    page("operateurs/nouveau/"),
    page("operateurs/nouveau/", "errors", submit="", status=422),
    page("operateurs/<int:pk>/", "", "operateurs/{operator}/"),
    page("accessibilite/", who=""),
]  # fmt: skip

NO_PAGE = [
    NoPage("", "redirect"),
    NoPage("console/langue/", "redirect"),
    NoPage("console/deconnexion/", "post", who="operator"),
    NoPage("console/chiffres.csv", "file", who="operator"),
    NoPage("console/rapprochement/<int:pk>.csv", "file", "console/rapprochement/{report}.csv", who="operator"),
    NoPage("console/rapprochement/<int:pk>/ecarts.csv", "file", "console/rapprochement/{report}/ecarts.csv",
           who="operator"),
    NoPage("console/consultations/<slug:name>/<slug:provider>/rappel/", "post",
           "console/consultations/quotient-familial/caf/rappel/", who="operator"),
    NoPage("console/abonnements/<slug:slug>/rappel/", "post", "console/abonnements/guichet-demandes/rappel/",
           who="operator"),
]  # fmt: skip

# What only programs call: JSON, events, figures.
MACHINE = ("health/", "oauth/", "openapi.json", "docs", "v1/")
