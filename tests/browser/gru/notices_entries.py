"""What follows a request on its person's side, and what the person said of it."""

from tests.browser.harness.pages import Entry, NoPage

PAGES = [
    Entry("suivi/<str:key>/", "withdrawn", "suivi/{withdrawn_key}/"),
    Entry("suivi/<str:key>/reprise/", "", "suivi/{withdrawn_key}/reprise/"),
    Entry("suivi/<str:key>/reprise/", "errors", "suivi/{withdrawn_key}/reprise/", submit="/reprise/", status=422),
    Entry("suivi/<str:key>/avis/", "", "suivi/{silent_key}/avis/"),
    Entry("suivi/<str:key>/avis/", "errors", "suivi/{decided_key}/avis/", submit="/avis/", status=422),
    Entry("suivi/<str:key>/courriels/", "", "suivi/{new_key}/courriels/"),
    Entry("courriels/<str:token>/", "", "courriels/{wishes}/"),
    Entry("courriels/<str:token>/", "unknown", "courriels/rien/", status=404),
    Entry("agents/demandes/<uuid:pk>/", "e-mail returned", "agents/demandes/{returned}/", who="agent"),
    Entry("agents/demandes/<uuid:pk>/courriel/", "errors", "agents/demandes/{returned}/", who="agent",
          submit="/courriel/", status=422),
    Entry("agents/", "e-mails returned", "agents/?onglet=courriels-revenus", who="agent"),
    Entry("agents/avis/", "", "agents/avis/", who="agent"),
]  # fmt: skip

NO_PAGE = [
    NoPage("suivi/<str:key>/notification/", "post", "suivi/{new_key}/notification/"),
    NoPage("suivi/<str:key>/decision/<int:number>/", "post", "suivi/{decided_key}/decision/1/"),
    NoPage("courriels/<str:token>/arret", "redirect", "courriels/{wishes}/arret"),
    NoPage("agents/demandes/<uuid:pk>/courriel/autrement/", "post", "agents/demandes/{returned}/courriel/autrement/",
           who="agent"),
    NoPage("agents/avis/<uuid:pk>/", "post", "agents/avis/{rating}/", who="agent"),
]  # fmt: skip
