"""Ties between persons, one line for each state of their pages."""

from datetime import date

from etoile.gru.access.models import Account
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Kind, Level, Person
from etoile.gru.ties import mine, services, telling
from etoile.gru.ties.models import Concerned, Tie
from etoile.gru.ties.services import Said
from tests.browser.gru import space_entries
from tests.browser.harness.pages import Entry, NoPage

PERSON = "agents/personnes/<uuid:pk>/"
TIE = f"{PERSON}liens/<uuid:tie>/"
NEW = f"{PERSON}liens/nouveau/"
HERE = "agents/personnes/{person}/liens/"
CHILD = "?lien=responsible-holder-natural"
OTHER = "lou@exemple.fr"
SPACE = "mon-espace/proches/"
ADD = f"{SPACE}ajouter/<slug:what>/"
PAGES = [
    Entry(NEW, "", f"{HERE}nouveau/", who="agent"),
    Entry(NEW, "a child", f"{HERE}nouveau/{CHILD}", who="agent"),
    Entry(NEW, "errors", f"{HERE}nouveau/{CHILD}", who="agent", submit="/liens/nouveau/", status=422),
    Entry(NEW, "known", f"{HERE}nouveau/{CHILD}", who="agent", submit="/liens/nouveau/", status=422,
          fill={"given_names": "Lou", "family_name": "Martin"}),
    Entry(TIE, "", f"{HERE}{{tie}}/", who="agent"),
    Entry(SPACE, who="resident"),
    Entry(SPACE, "offered", who="newcomer"),
    Entry(ADD, "", f"{SPACE}ajouter/enfant/", who="resident"),
    Entry(ADD, "an organisation", f"{SPACE}ajouter/organisme/", who="resident"),
    Entry(ADD, "a mandate", f"{SPACE}ajouter/mandat/", who="resident"),
    Entry(ADD, "errors", f"{SPACE}ajouter/enfant/", who="resident", submit="/ajouter/enfant/", status=422),
    Entry("suivi/<str:key>/", "mandate over", "suivi/{mandated_key}/", status=403),
    Entry("demarches/<slug:slug>/remplir/", "for whom", "demarches/inscription-periscolaire/remplir/",
          who="resident"),
    Entry(TIE, "errors", f"{HERE}{{tie}}/", who="agent", submit="/liens/{tie}/", fill={"begins_on": "x"}, status=422),
]  # fmt: skip
NO_PAGE = [
    NoPage(f"{TIE}fin/", "post", f"{HERE}{{ended_tie}}/fin/", who="agent"),
    NoPage(f"{SPACE}<uuid:tie>/fin/", "post", f"{SPACE}{{tie}}/fin/", who="resident"),
    NoPage(f"{SPACE}<uuid:tie>/reponse/", "post", f"{SPACE}{{tie}}/reponse/", who="newcomer"),
    NoPage("mon-espace/mandats/<uuid:case_id>/", "redirect", "mon-espace/mandats/{mandated}/", who="resident"),
]


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
    _told_by_the_resident()
    return {"tie": str(child.pk), "ended_tie": str(chair.pk)}


def _told_by_the_resident() -> None:
    account = PersonAccount.objects.get(email=space_entries.EMAIL)
    with scope.of_person(account.person_id):
        person = Person.objects.select_related("authority").get(pk=account.person_id)
    lou = {"given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15"}
    mine.tell_child(person, lou, {"custody": "alternate"})
    mine.tell_organisation(person, "president", {"organisation": "Les Amis de la Loire", "legal_form": "association"})
    for scope_, email in (("all", OTHER), ("inscription-scolaire", "")):
        mine.give_mandate(person, {"given_names": "Sacha", "family_name": "Petit"}, what_for=scope_,
                          until=date(2999, 12, 31), email=email)  # fmt: skip


def mandated(case: Case) -> dict[str, str]:
    """A request made in the name of the resident, by a mandate that is over since."""
    account = PersonAccount.objects.get(email=space_entries.EMAIL)
    Case.objects.filter(pk=case.pk).update(
        mandate={"on_behalf_of": "person", "name": "Camille Martin", "capacity": "mandate"}
    )
    with scope.of_task("scenery"):
        tie = Tie.objects.filter(kind="mandate", subject=account.person_id, detail__scope="inscription-scolaire").get()
        Concerned.objects.create(case_id=case.pk, tie=tie, person_id=account.person_id)
        services.end(tie.pk)
    return {"mandated": str(case.pk), "mandated_key": case.tracking_key}
