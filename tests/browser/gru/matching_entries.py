"""The pages of persons who look alike, one line for each state."""

from tests.browser.harness.pages import Entry, NoPage

DOUBLES = "agents/personnes/doublons/"
FLAG = "agents/personnes/<uuid:pk>/doublon/"
ASKING = "mon-espace/reunir/<uuid:asking>/<str:key>/"
MERGE = "agents/personnes/fusions/"
PAGES = [
    Entry(DOUBLES, who="agent"),
    Entry(DOUBLES, "set apart", f"{DOUBLES}?vue=ecartes", who="agent"),
    Entry(DOUBLES, "rules", f"{DOUBLES}?vue=regles", who="agent"),
    Entry(f"{DOUBLES}<uuid:pk>/", "held", f"{DOUBLES}{{suspicion}}/", who="agent"),
    Entry(FLAG, "", "agents/personnes/{person}/doublon/", who="agent"),
    Entry(FLAG, "errors", "agents/personnes/{person}/doublon/", who="agent", submit="/doublon/", status=422),
    Entry(FLAG, "found", "agents/personnes/{person}/doublon/", who="agent", submit="/doublon/",
          fill={"family_name": "MARTÍN", "given_names": "lou"}),
    Entry(ASKING, "proved", "mon-espace/reunir/{asking}/{asking_key}/", who="resident"),
    Entry(ASKING, "not proved", "mon-espace/reunir/{asking}/{asking_own}/", who="resident", status=404),
    Entry(f"{MERGE}<uuid:pk>/", "", f"{MERGE}{{merge}}/", who="agent"),
]  # fmt: skip

NO_PAGE = [
    NoPage(f"{DOUBLES}<uuid:pk>/prise/", "post", f"{DOUBLES}{{suspicion}}/prise/", who="agent"),
    NoPage(f"{DOUBLES}<uuid:pk>/decision/", "post", f"{DOUBLES}{{suspicion}}/decision/", who="agent"),
    NoPage(f"{MERGE}<uuid:pk>/annulation/", "post", f"{MERGE}{{merge}}/annulation/", who="agent"),
    NoPage(
        f"{DOUBLES}ecartes/<int:pk>/annulation/", "post", f"{DOUBLES}ecartes/{{exclusion}}/annulation/", who="agent"
    ),
]
