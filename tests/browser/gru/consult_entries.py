"""Answers corrected and edited, one line for each state."""

from tests.browser.harness.pages import Entry

CASE = "agents/demandes/<uuid:pk>/"
CORRECT = "suivi/<str:key>/corrections/<uuid:asked>/"

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
]  # fmt: skip
