"""Ties between persons, one line for each state of their pages."""

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Kind, Level
from etoile.gru.ties import services, telling
from etoile.gru.ties.services import Said
from tests.browser.harness.pages import Entry, NoPage

PERSON = "agents/personnes/<uuid:pk>/"
TIE = f"{PERSON}liens/<uuid:tie>/"
NEW = f"{PERSON}liens/nouveau/"
HERE = "agents/personnes/{person}/liens/"
CHILD = "?lien=responsible-holder-natural"
PAGES = [
    Entry(NEW, "", f"{HERE}nouveau/", who="agent"),
    Entry(NEW, "a child", f"{HERE}nouveau/{CHILD}", who="agent"),
    Entry(NEW, "errors", f"{HERE}nouveau/{CHILD}", who="agent", submit="/liens/nouveau/", status=422),
    Entry(NEW, "known", f"{HERE}nouveau/{CHILD}", who="agent", submit="/liens/nouveau/", status=422,
          fill={"given_names": "Lou", "family_name": "Martin"}),
    Entry(TIE, "", f"{HERE}{{tie}}/", who="agent"),
    Entry(TIE, "errors", f"{HERE}{{tie}}/", who="agent", submit="/liens/{tie}/", fill={"begins_on": "x"}, status=422),
]  # fmt: skip
NO_PAGE = [NoPage(f"{TIE}fin/", "post", f"{HERE}{{ended_tie}}/fin/", who="agent")]


def build(case: Case, agent: Account) -> dict[str, str]:
    """Somebody with a child whom the agent attested, and an association they left."""
    sectors = [case.sector]
    with scope.of_agent(agent):
        lou = telling.tell(case.authority, Kind.NATURAL, {"given_names": "Lou", "family_name": "Martin"},
                           source="desk", sectors=sectors)  # fmt: skip
        loire = telling.tell(case.authority, Kind.LEGAL, {"organisation": "Les Amis de la Loire", "rna": "W491001234"},
                             source="desk", sectors=sectors)  # fmt: skip
        child, _warned = services.declare("responsible", case.person, lou, Said(), source="desk")
        said = Said({"custody": "alternate", "days": "Les semaines paires"})
        services.certify(child.pk, agent, said, level=Level.OFFICIAL_PROOF_SEEN, seen=child.mark)
        chair, _warned = services.declare("president", case.person, loire, Said(), source="desk")
        services.end(chair.pk)
    return {"tie": str(child.pk), "ended_tie": str(chair.pk)}
