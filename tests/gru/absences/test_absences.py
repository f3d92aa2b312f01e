"""An agent who is away: who may say it, who has their cases meanwhile, and with which rights."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.gru.conftest import log_in, make_agent

from etoile.gru.absences import queries, services
from etoile.gru.absences.models import Absence
from etoile.gru.absences.services import AbsenceRefused
from etoile.gru.access.models import Membership, Role, Sector, Team
from etoile.gru.audit.models import Entry
from etoile.gru.cases import services as cases
from etoile.gru.cases.assigning import assign
from etoile.gru.cases.lists import groups
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case, History

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)


@pytest.fixture
def pierre(town):
    agent = make_agent(town.authority, town.team, "pierre@valmont.example")
    agent.given_name = "Pierre"
    agent.save()
    return agent


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2027, 3, 1, 9, tzinfo=UTC), tick=False):
        yield


def away(town, pierre, *, first=TODAY, last=TODAY + 4 * DAY, by=None, who=None):
    given = {"by": by or town.agent, "stand_in": pierre, "first": first, "last": last, "today": TODAY}
    return services.declare(who or town.agent, **given)


def mine(account):
    return set(groups.cases_of(Group.MINE, scope_of(account), TODAY))


def test_meanwhile_the_cases_are_also_the_stand_in_s_who_is_given_the_new_ones(
    town, pierre, client, django_assert_num_queries
):
    followed, new = town.submit(), town.submit()
    cases.start(followed.pk, town.agent)
    absence = away(town, pierre)
    with django_assert_num_queries(1):
        assert scope_of(pierre).followers == (pierre.pk, town.agent.pk)
    assert mine(pierre) == mine(town.agent) == {followed}
    manager = make_agent(town.authority, town.team, "chef@valmont.example")
    assert assign(new.pk, manager, to=town.agent).assignee == pierre
    assert History.objects.get(case=new, verb="assign").detail == {"to": "Pierre Leroy", "instead_of": "Nadia Leroy"}
    log_in(client, pierre)
    page = client.get(reverse("backoffice:case", args=[followed.pk])).content.decode()
    assert "absence jusqu’au 5 mars, remplacement par Pierre Leroy" in page
    assert "Vous remplacez 1 personne" in client.get(reverse("backoffice:inbox")).content.decode()
    assert client.get(reverse("backoffice:inbox"), {"suivi": "moi"}).context["rows"][0].case in {followed, new}
    with time_machine.travel(datetime(2027, 3, 6, 9, tzinfo=UTC), tick=False):
        assert mine(pierre) == {new}
        assert queries.acting(town.agent) == town.agent
    services.withdraw(absence, by=town.agent, today=TODAY)
    assert not Absence.objects.exists()
    assert [each.action for each in Entry.objects.order_by("pk") if each.action.startswith("agent.")] == [
        "agent.away",
        "agent.back",
    ]


def test_standing_in_opens_nothing_that_one_may_not_see(town, pierre):
    sector = Sector.objects.create(authority=town.authority, slug="voirie", name="Voirie")
    contact = {"address": "1 place", "email": "v@valmont.example", "phone": "02"}
    other = Team.objects.create(authority=town.authority, sector=sector, slug="voirie", name="Voirie", **contact)
    Membership.objects.create(account=town.agent, team=other, role=Role.INSTRUCTOR)
    hidden = town.submit()
    Case.objects.filter(pk=hidden.pk).update(team=other, sector=sector)
    away(town, pierre)
    chief = make_agent(town.authority, other, "chef@valmont.example")
    assert assign(hidden.pk, chief, to=town.agent).assignee == town.agent
    assert mine(town.agent) == {hidden}
    assert mine(pierre) == set()


def test_what_makes_no_sense_is_refused_in_words(town, pierre):
    reader = make_agent(town.authority, town.team, "lecture@valmont.example")
    Membership.objects.filter(account=reader).update(role=Role.READER)
    away(town, pierre, first=TODAY + 10 * DAY, last=TODAY + 20 * DAY)
    third = make_agent(town.authority, town.team, "sam@valmont.example")
    for given, words in (
        ({"first": TODAY, "last": TODAY - DAY}, "avant le premier"),
        ({"first": TODAY - 9 * DAY, "last": TODAY - DAY}, "déjà finie"),
        ({"last": TODAY + 400 * DAY}, "un an au plus"),
        ({"pierre": town.agent}, "traite les mêmes demandes"),
        ({"pierre": reader}, "traite les mêmes demandes"),
        ({"first": TODAY + 20 * DAY, "last": TODAY + 21 * DAY}, "déjà prévue"),
        ({"who": third, "pierre": town.agent, "by": third, "last": TODAY + 12 * DAY}, "a aussi une absence"),
        ({"by": pierre}, "Seuls cet agent"),
    ):
        with pytest.raises(AbsenceRefused, match=words):
            away(town, **{"pierre": pierre, **given})
    assert Absence.objects.count() == 1


def test_an_absence_begun_ends_the_day_before_the_agent_is_back(town, pierre):
    absence = away(town, pierre)
    services.withdraw(absence, by=town.agent, today=TODAY + 2 * DAY)
    assert Absence.objects.get().last == TODAY + DAY


def test_a_manager_says_it_for_others_and_an_agent_for_themselves(client, town, pierre):
    log_in(client, pierre)
    page = reverse("backoffice:absences")
    given = {"agent": town.agent.pk, "first": "2027-03-01", "last": "2027-03-05", "stand_in": pierre.pk}
    assert client.post(page, given).status_code == 422
    Membership.objects.filter(account=pierre).update(role=Role.MANAGER)
    assert client.post(page, {**given, "stand_in": ""}).status_code == 422
    assert "Choisissez la personne qui remplace." in client.post(page, {**given, "stand_in": ""}).content.decode()
    assert client.post(page, given)["Location"] == page
    shown = client.get(page).content.decode()
    assert "Remplace : Pierre Leroy" in shown
    absence = Absence.objects.get()
    Membership.objects.filter(account=pierre).update(role=Role.INSTRUCTOR)
    assert client.post(reverse("backoffice:absence-withdraw", args=[absence.pk])).status_code == 403
    log_in(client, town.agent)
    client.post(reverse("backoffice:absence-withdraw", args=[absence.pk]))
    assert not Absence.objects.exists()
