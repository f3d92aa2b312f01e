"""The pages that build a procedure, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

SLUG = "fete-des-voisins"
HERE = f"agents/demarches/{SLUG}/"
ROUTE = "agents/demarches/<slug:slug>/"


def entry(route: str, state: str = "", address: str = "", **more: object) -> Entry:
    """`route` and `address` after those of the procedure."""
    return Entry(f"{ROUTE}{route}", state, f"{HERE}{address or route}", who="administrator", **more)  # type: ignore[arg-type]


CONDITION = "conditions/<slug:kind>/<slug:identifier>/<slug:key>/"
QUESTION = "parties/<slug:holder>/questions/ajouter/"
ENTRIES = [
    Entry("agents/demarches/", who="administrator"),
    Entry("agents/demarches/nouvelle/", who="administrator"),
    Entry("agents/demarches/nouvelle/", "errors", who="administrator", submit="", status=422),
    entry(""),
    entry("copier/"),
    entry("abandonner/"),
    entry("presentation/"),
    entry("pages/ajouter/"),
    entry("pages/<slug:page>/", "", "pages/votre-demande/"),
    entry("pages/<slug:page>/", "errors", "pages/votre-demande/", submit="", fill={"title": ""}, status=422),
    entry("pages/<slug:page>/parties/ajouter/", "", "pages/votre-demande/parties/ajouter/"),
    entry("parties/<slug:section>/", "", "parties/demande/"),
    entry(QUESTION, "", "parties/demande/questions/ajouter/"),
    entry(QUESTION, "a file", "parties/demande/questions/ajouter/?type=file"),
    entry(QUESTION, "errors", "parties/demande/questions/ajouter/?type=single_choice", submit="", status=422),
    entry("questions/<slug:field>/", "", "questions/lieu/"),
    entry("questions/<slug:field>/", "a calculation", "questions/prix/"),
    entry("questions/<slug:field>/", "advice", "questions/divers/"),
    entry(CONDITION, "", "conditions/field/accord_des_riverains/visible_when/"),
    entry(CONDITION, "errors", "conditions/field/divers/required_when/", submit="", status=422),
    entry("retirer/<slug:kind>/<slug:identifier>/", "", "retirer/field/divers/"),
    entry("retirer/<slug:kind>/<slug:identifier>/", "used", "retirer/field/lieu/"),
    entry("pieces/"),
    entry("engagements/"),
    entry("elements/<slug:kind>/ajouter/", "", "elements/document/ajouter/"),
    entry("elements/<slug:kind>/ajouter/", "errors", "elements/declaration/ajouter/", submit="", status=422),
    entry("elements/<slug:kind>/<slug:identifier>/", "", "elements/document/accord_des_riverains_2/"),
    entry("regles/"),
    entry("regles/impossible/ajouter/"),
    entry("regles/impossible/ajouter/", "errors", submit="", status=422),
    entry("regles/impossible/<slug:identifier>/", "", "regles/impossible/le_parc_est_ferme/"),
    entry("regles/prix/<slug:number>/", "errors", "regles/prix/nouvelle/", submit="", status=422),
    entry("etapes/"),
    entry("etapes/etats/<slug:state>/", "", "etapes/etats/in_progress/"),
    entry("etapes/passages/<slug:number>/", "errors", "etapes/passages/nouveau/", submit="", status=422),
    entry("etapes/echeances/<slug:number>/", "errors", "etapes/echeances/nouveau/", submit="", status=422),
    entry("essayer/"),
    entry("essayer/", "phone", "essayer/?telephone"),
    entry("essayer/<slug:page>/", "", "essayer/votre-demande/"),
]

NO_PAGE = [
    NoPage(f"{ROUTE}{route}", "post", f"{HERE}{address or route}", who="administrator")
    for route, address in (
        ("commencer/", ""),
        ("deplacer/", ""),
        ("annuler/", ""),
        ("questions/<slug:field>/copier/", "questions/lieu/copier/"),
        ("etapes/habituelles/", ""),
        ("etapes/<slug:kind>/<int:number>/retirer/", "etapes/passages/0/retirer/"),
        ("regles/prix/<int:number>/retirer/", "regles/prix/0/retirer/"),
    )
]
