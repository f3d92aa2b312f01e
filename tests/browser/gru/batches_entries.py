"""The pages of what is done on many cases at once, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

WHO = {"who": "agent"}
ONE = "agents/lots/<uuid:pk>/"

PAGES = [
    Entry("agents/lots/", **WHO),
    Entry("agents/lots/nouveau/", "", "agents/lots/nouveau/?tout=1&query=onglet%3Da-traiter", **WHO),
    Entry("agents/lots/nouveau/", "errors", "agents/lots/nouveau/?tout=1&query=onglet%3Da-traiter", **WHO,
          submit="/lots/nouveau/", button="kind", status=422),
    Entry(ONE, "under way", "agents/lots/{batch_going}/", **WHO),
    Entry(ONE, "report", "agents/lots/{batch_done}/", **WHO),
    Entry(ONE, "file", "agents/lots/{batch_file}/", **WHO),
    Entry("agents/tableau-de-bord/", **WHO),
    Entry("agents/absences/", **WHO),
    Entry("agents/absences/", "errors", submit="/absences/", status=422, **WHO),
]  # fmt: skip

NO_PAGE = [
    NoPage("agents/absences/<int:pk>/retrait/", "post", "agents/absences/{absence}/retrait/", **WHO),
    NoPage("agents/exports/", "post", **WHO),
    NoPage(f"{ONE}fichier/", "file", "agents/lots/{batch_file}/fichier/", **WHO),
    NoPage(f"{ONE}arret/", "post", "agents/lots/{batch_done}/arret/", **WHO),
    NoPage(f"{ONE}reprise/", "post", "agents/lots/{batch_done}/reprise/", **WHO),
]  # fmt: skip
