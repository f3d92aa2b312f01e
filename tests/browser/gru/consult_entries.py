"""Answers corrected and edited, opinions asked and given, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

CASE = "agents/demandes/<uuid:pk>/"
CORRECT = "suivi/<str:key>/corrections/<uuid:asked>/"
INVITATION = "consultation/<str:token>/"

PAGES = [
    Entry(CORRECT, "", "suivi/{busy_key}/corrections/{correction}/"),
    Entry(CORRECT, "errors", "suivi/{busy_key}/corrections/{correction}/", submit="/corrections/{correction}/",
          fill={"description": ""}, status=422),
    Entry(f"{CASE}corrections/", "", "agents/demandes/{busy}/corrections/", who="agent"),
    Entry(f"{CASE}corrections/", "errors", "agents/demandes/{busy}/corrections/", who="agent", status=422,
          submit="/corrections/", fill={"corrections-sentence_description": "Il manque le côté de la rue."}),
    Entry(f"{CASE}reponses/", "", "agents/demandes/{busy}/reponses/", who="agent"),
    Entry(f"{CASE}reponses/", "errors", "agents/demandes/{new}/reponses/", who="agent", status=422,
          submit="/reponses/", fill={"description": ""}),
    Entry(f"{CASE}reponses/verifier/", "", "agents/demandes/{busy}/reponses/verifier/", who="agent"),
    Entry(f"{CASE}reponses/verifier/", "errors", "agents/demandes/{busy}/reponses/verifier/", who="agent", status=422,
          submit="/reponses/verifier/", button=""),
    Entry(f"{CASE}avis/", "", "agents/demandes/{busy}/avis/", who="agent"),
    Entry(f"{CASE}avis/", "errors", "agents/demandes/{busy}/avis/", who="agent", status=422, submit="/avis/"),
    Entry(INVITATION, "", "consultation/{opinion_asked}/"),
    Entry(INVITATION, "errors", "consultation/{opinion_asked}/", submit="/consultation/{opinion_asked}/", status=422),
    Entry(INVITATION, "given", "consultation/{opinion_given}/"),
    Entry(INVITATION, "unknown", "consultation/rien/", status=404),
]  # fmt: skip

NO_PAGE = [
    NoPage(f"{CASE}documents/", "post", "agents/demandes/{busy}/documents/", who="agent"),
    NoPage(f"{CASE}avis/<uuid:opinion>/retrait/", "post", "agents/demandes/{busy}/avis/{opinion}/retrait/",
           who="agent"),
    NoPage(f"{CASE}avis/<uuid:opinion>.pdf", "file", "agents/demandes/{busy}/avis/{opinion}.pdf", who="agent"),
    NoPage(f"{CASE}avis/<uuid:opinion>/documents/<uuid:document_id>/", "file",
           "agents/demandes/{busy}/avis/{opinion}/documents/{opinion_file}/", who="agent"),
    NoPage(f"{INVITATION}documents/<uuid:document_id>/", "file",
           "consultation/{opinion_asked}/documents/{opinion_shown}/"),
]  # fmt: skip
