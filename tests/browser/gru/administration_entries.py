"""The pages of the administration, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

HERE = "agents/administration/"


def entry(route: str, state: str = "", address: str = "", **more: object) -> Entry:
    return Entry(f"{HERE}{route}", state, f"{HERE}{address or route}", who="administrator", **more)  # type: ignore[arg-type]


ENTRIES = [
    entry(""),
    entry("services/"),
    entry("services/nouveau/", "errors", submit="", fill={"email": "non"}, status=422),
    entry("services/<slug:slug>/", "", "services/etat-civil/"),
    entry("secteurs/nouveau/"),
    entry("secteurs/<slug:slug>/", "", "secteurs/etat-civil/"),
    entry("agents/"),
    entry("agents/", "nothing found", "agents/?q=xylophone"),
    entry("agents/inviter/", "errors", submit="", fill={"email": "non"}, status=422),
    entry("agents/<int:pk>/", "", "agents/{agent_account}/"),
    entry("signataires/"),
    entry("signataires/nouveau/", "errors", submit="", fill={"ends_on": "2020-01-01"}, status=422),
    entry("signataires/<int:pk>/", "", "signataires/{delegation}/"),
    entry("contrats/"),
    entry("contrats/nouveau/", "errors", submit="", fill={"ends_on": "2020-01-01"}, status=422),
    entry("contrats/<int:pk>/", "", "contrats/{contract}/"),
    entry("jours-fermes/"),
    entry("messages/"),
    entry("messages/<slug:template>/", "errors", "messages/reminder/", submit="", status=422,
          fill={"subject_fr": "{{ inconnue }}"}),
    entry("apparence/"),
    entry("apparence/", "errors", submit="", fill={"colour": "#ffee00"}, status=422),
    entry("roles/"),
    entry("journal/"),
    Entry("agents/invitation/<str:uid>/<str:token>/", "", "agents/invitation/{invitation}/"),
    Entry("agents/invitation/<str:uid>/<str:token>/", "unknown", "agents/invitation/zz/non/", status=404),
]  # fmt: skip

NO_PAGE = [
    NoPage(f"{HERE}agents/revue.csv", "file", who="administrator"),
    NoPage(f"{HERE}contrats/<int:pk>/arret/", "post", f"{HERE}contrats/{{contract}}/arret/", who="administrator"),
    NoPage("apparence/<path:name>", "file", "apparence/valmont-sur-loire/{logo}"),
    NoPage(f"{HERE}signataires/<int:pk>/fin/", "post", f"{HERE}signataires/{{delegation}}/fin/", who="administrator"),
    NoPage(f"{HERE}agents/<int:pk>/acces/", "post", f"{HERE}agents/{{agent_account}}/acces/", who="administrator"),
]
