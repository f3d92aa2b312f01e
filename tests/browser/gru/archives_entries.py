"""The pages of the archives, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

ARCHIVES, CASE, SLIP = (
    "agents/archives/",
    "agents/archives/demandes/<uuid:pk>/",
    "agents/archives/bordereaux/<uuid:pk>/",
)
WHO = {"who": "archivist"}
PAGES = [
    Entry(ARCHIVES, **WHO),
    Entry(f"{ARCHIVES}demarches/<slug:slug>/", "", f"{ARCHIVES}demarches/signalement-voirie/?quoi=au-bout", **WHO),
    Entry(CASE, "", f"{ARCHIVES}demandes/{{archived}}/", **WHO),
    Entry(CASE, "closed, errors", f"{ARCHIVES}demandes/{{listed}}/", submit="", status=422, **WHO),
    Entry(f"{CASE}retour/", "errors", f"{ARCHIVES}demandes/{{archived}}/", submit="/retour/", status=422, **WHO),
    Entry(SLIP, "", f"{ARCHIVES}bordereaux/{{slip}}/", **WHO),
    Entry(f"{SLIP}visa/", "errors", f"{ARCHIVES}bordereaux/{{slip}}/", submit="/visa/", status=422, **WHO),
    Entry(f"{SLIP}refus/", "errors", f"{ARCHIVES}bordereaux/{{slip}}/", submit="/refus/", status=422, **WHO),
]

NO_PAGE = [
    NoPage(f"{ARCHIVES}demarches/<slug:slug>/bordereau/", "post", f"{ARCHIVES}demarches/pacs/bordereau/", **WHO),
    NoPage(f"{SLIP}retrait/", "post", f"{ARCHIVES}bordereaux/{{slip}}/retrait/", **WHO),
    NoPage(f"{SLIP}fichiers/<slug:kind>/", "file", f"{ARCHIVES}bordereaux/{{slip}}/fichiers/pdf/", **WHO),
    NoPage(f"{CASE}documents/<uuid:document_id>/", "file",
           f"{ARCHIVES}demandes/{{archived}}/documents/{{archived_document}}/", **WHO),
    NoPage("agents/demandes/<uuid:pk>/garde/", "post", "agents/demandes/{decided}/garde/", who="agent"),
]  # fmt: skip
