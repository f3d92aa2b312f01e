"""The ties of a person, on the pages of agents."""

import pytest
from tests.gru.conftest import log_in, make_agent, text
from tests.gru.people.test_sealed import make_sector

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Kind, Person
from etoile.gru.ties import services, telling
from etoile.gru.ties.models import Tie
from etoile.gru.ties.services import Said

AS_CHILD = {"lien": "responsible-holder-natural"}
CHILD = "?lien=responsible-holder-natural"
LOU = {"given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15"}


@pytest.fixture
def page(agent, case):
    return f"/agents/personnes/{case.person_id}/"


def only():
    with scope.of_task("test"):
        return Tie.objects.get()


def test_an_agent_notes_a_tie_attests_it_and_ends_it(client, agent, case, page, django_assert_max_num_queries):
    new = f"{page}liens/nouveau/"
    assert "Enfant" in text(client.get(new)) and "Ses prénoms" in text(client.get(new + CHILD))
    for wrong, why in (
        ({}, "Indiquez ses prénoms"),
        ({**LOU, "birth_date": "1901-01-01"} | {"ends_on": "x"}, "ne se lit pas"),
    ):
        refused = client.post(new, {**wrong, **AS_CHILD})
        assert refused.status_code == 422 and why in text(refused)
    done = client.post(new, {**LOU, **AS_CHILD, "custody": "alternate", "days": "semaines paires"}, follow=True)
    assert "Le lien est noté" in text(done)
    tie = only()
    with django_assert_max_num_queries(25):
        shown = text(client.get(page))
    child = f"/agents/personnes/{tie.subject_id}/"
    assert f'<a href="{child}">Lou Martin</a>' in shown and "semaines paires" in shown
    assert "Responsable légal" in text(client.get(child))
    here = f"{page}liens/{tie.pk}/"
    seen = {"seen": tie.mark, "custody": "main", "proof": "500", "until": "2027-12-31"}
    assert client.post(here, seen)["Location"] == page
    stale = client.post(here, seen)
    assert stale.status_code == 422 and "a changé entre-temps" in text(stale)
    told = text(client.get(here))
    assert "Lien attesté" in told and "Chez cette personne" in told and "Nadia Leroy" in told
    client.post(f"{here}fin/")
    assert "Liens terminés" in text(client.get(page)) and only().is_over
    assert client.get(f"{child}liens/{tie.pk}/").status_code == 200
    actions = list(
        Entry.objects.filter(action__startswith="person.tie", person_id=case.person_id)
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert actions == ["person.tied", "person.tie_certified", "person.tie_ended"]


def test_somebody_whom_my_services_know_is_shown_before_another_is_added(client, agent, town, case, page):
    with scope.of_agent(agent):
        lou = telling.tell(town.authority, Kind.NATURAL, LOU, source="desk", sectors=[town.sector])
    new = f"{page}liens/nouveau/"
    asked = client.post(new, {**LOU, **AS_CHILD})
    assert asked.status_code == 422 and "dites si c’est cette personne" in text(asked)
    client.post(new, {**LOU, **AS_CHILD, "other": str(lou.pk)})
    assert only().subject_id == lou.pk
    twice = client.post(new, {**LOU, **AS_CHILD, "other": str(lou.pk)})
    assert "déjà noté" in text(twice)
    with scope.of_task("test"):
        assert Person.objects.count() == 2


def test_whoever_is_of_another_service_is_not_named_and_reading_is_not_writing(client, agent, town, case, page):
    childhood = make_sector(town, "enfance")
    other = town.submit(applicant={"kind": "natural", "family_name": "Petit", "given_names": "Sacha"})
    Case.objects.filter(pk=other.pk).update(team=childhood, sector=childhood.sector)
    with scope.of_task("test"):
        both = [Person.objects.select_related("authority").get(pk=each.person_id) for each in (case, other)]
        tie, _warned = services.declare("spouse", *both, Said(), source="account")
    shown = text(client.get(page))
    assert "une autre personne, suivie par un autre service" in shown and "Sacha" not in shown
    assert "Sacha" not in text(client.get(f"{page}liens/{tie.pk}/"))
    Membership.objects.filter(account=agent).update(role=Role.READER)
    assert "Noter un lien" not in text(client.get(page))
    assert client.post(f"{page}liens/{tie.pk}/", {"seen": tie.mark}).status_code == 404
    assert client.post(f"{page}liens/{tie.pk}/fin/").status_code in {403, 404}
    log_in(client, make_agent(town.authority, childhood, "paul@valmont.example"))
    assert client.get(f"{page}liens/{tie.pk}/").status_code == 404
    assert client.get(f"/agents/personnes/{other.person_id}/liens/{tie.pk}/").status_code == 200


def test_an_agent_notes_for_which_procedures_a_mandate_is(client, agent, case, page):
    asked = {"lien": "mandate-subject-natural"}
    new = f"{page}liens/nouveau/"
    assert "Toutes les démarches" in text(client.get(f"{new}?lien={asked['lien']}"))
    given = {**asked, "given_names": "Sacha", "family_name": "Petit"}
    assert "Choisissez au moins une démarche" in text(client.post(new, given))
    assert client.post(new, {**given, "scope": ["acte"]}).status_code == 302
    tie = only()
    assert tie.detail == {"scope": "acte"} and tie.subject_id == case.person_id
    shown = text(client.get(f"{page}liens/{tie.pk}/"))
    assert "Demande d&#x27;acte" in shown and 'value="acte" checked' in " ".join(shown.split())
