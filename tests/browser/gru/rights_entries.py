"""The pages of the rights of people over their data, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

OWN = "suivi/<str:key>/mes-donnees/"
ENTRIES = [
    Entry(OWN, "", "suivi/{busy_key}/mes-donnees/"),
    Entry(OWN, "errors", "suivi/{busy_key}/mes-donnees/", submit="/mes-donnees/", status=422),
]

NO_PAGE = [
    NoPage(f"{OWN}tout.json", "file", "suivi/{busy_key}/mes-donnees/tout.json"),
    NoPage(f"{OWN}tout.pdf", "file", "suivi/{busy_key}/mes-donnees/tout.pdf"),
    NoPage(f"{OWN}accords/<str:field>/", "post", "suivi/{busy_key}/mes-donnees/accords/rien/"),
]
