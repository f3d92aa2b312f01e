"""The pages of what agents keep beside a case, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

CASE = "agents/demandes/<uuid:pk>/"
ENTRIES = [
    Entry("agents/a-l-oeil/", who="agent"),
    Entry("agents/etiquettes/", who="administrator"),
    Entry("agents/etiquettes/", "errors", who="administrator", submit="", status=422),
    Entry("agents/reponses/", who="agent"),
    Entry("agents/reponses/nouvelle/", "errors", who="agent", submit="", status=422),
    Entry("agents/reponses/<int:pk>/", "seen", "agents/reponses/{reply}/", who="agent", submit="", button="preview"),
    Entry(f"{CASE}messages/", "begun", "agents/demandes/{busy}/", who="agent", submit="/messages/",
          button="insert"),
    Entry(f"{CASE}proches/", "errors", "agents/demandes/{busy}/", who="agent", submit="/proches/", status=422),
    Entry(CASE, "a duplicate", "agents/demandes/{double}/", who="agent"),
    Entry(f"{CASE}notes/", "errors", "agents/demandes/{busy}/", who="agent", submit="/notes/", status=422),
]  # fmt: skip

NO_PAGE = [
    NoPage("agents/touches/", "post", who="agent"),
    NoPage("agents/etiquettes/<int:pk>/", "post", "agents/etiquettes/{label}/", who="administrator"),
    NoPage(f"{CASE}notes/<uuid:note>/retrait/", "post", "agents/demandes/{busy}/notes/{note}/retrait/", who="agent"),
    NoPage(f"{CASE}etiquettes/", "post", "agents/demandes/{new}/etiquettes/", who="agent"),
    NoPage(f"{CASE}proches/<uuid:other>/", "post", "agents/demandes/{new}/proches/{busy}/", who="agent"),
    NoPage(f"{CASE}doublon/", "post", "agents/demandes/{new}/doublon/", who="agent"),
    NoPage(f"{CASE}doublon/annulation/", "post", "agents/demandes/{new}/doublon/annulation/", who="agent"),
    NoPage(f"{CASE}a-l-oeil/", "post", "agents/demandes/{new}/a-l-oeil/", who="agent"),
]
