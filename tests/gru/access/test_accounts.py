import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from etoile.gru.access.models import Account, Authority, Role, Sector, Team
from etoile.gru.access.queries import authority_for_host, roles_of, sectors_of, teams_of
from etoile.gru.access.services import Refused, create_agent, keep_authority, keep_team, place

PASSWORD = "une phrase assez longue"


def create(town, email="Alix.Moreau@Valmont.example", **more):
    return create_agent(town.authority, email, password=PASSWORD, roles={town.team: [Role.INSTRUCTOR]}, **more)


def test_an_agent_signs_in_by_e_mail_whatever_its_case(town):
    create(town)
    request = RequestFactory().post("/agents/connexion/")
    found = authenticate(request, username="ALIX.moreau@valmont.EXAMPLE", password=PASSWORD)
    assert found is not None
    assert found.email == "alix.moreau@valmont.example"


def test_one_e_mail_is_one_account(town):
    create(town)
    with pytest.raises(Refused) as refused:
        create(town, "alix.moreau@VALMONT.example")
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("password", ["court", "qwerty123456", "alix.moreau@valmont.example"])
@pytest.mark.exigence("ASVS 6.2.1")
def test_a_weak_password_is_refused_and_no_account_is_made(town, password):
    with pytest.raises(Refused, match="mot de passe"):
        create_agent(town.authority, "alix.moreau@valmont.example", password=password)
    assert not Account.objects.filter(email__startswith="alix").exists()


def test_every_problem_of_an_account_is_told_at_once(town):
    with pytest.raises(Refused) as refused:
        create_agent(town.authority, "pas une adresse", password="court")
    assert len(refused.value.problems) >= 2


def test_an_agent_belongs_only_to_teams_of_their_authority(town):
    other = Authority.objects.create(siret="21490998900018", slug="autre", name="Autre")
    sector = Sector.objects.create(authority=other, slug="s", name="S")
    foreign = Team.objects.create(
        authority=other, sector=sector, slug="t", name="T", address="a", email="t@t.fr", phone="1"
    )
    with pytest.raises(Refused, match="sa collectivité"):
        create_agent(town.authority, "a@valmont.example", password=PASSWORD, roles={foreign: [Role.INSTRUCTOR]})


def test_an_agent_sees_the_sectors_of_their_teams_only(town):
    childhood = Sector.objects.create(authority=town.authority, slug="enfance", name="Enfance")
    Team.objects.create(
        authority=town.authority, sector=childhood, slug="famille", name="F", address="a", email="f@f.fr", phone="1"
    )
    account = create(town)
    assert list(sectors_of(account)) == [town.sector]
    assert list(teams_of(account)) == [town.team]
    assert roles_of(account) == {Role.INSTRUCTOR}


def test_an_account_switched_off_sees_nothing(town):
    account = create(town)
    account.is_active = False
    account.save()
    assert not sectors_of(account).exists()


def test_a_membership_left_in_another_authority_opens_nothing(town):
    account = create(town)
    account.authority = Authority.objects.create(siret="21490998900018", slug="autre", name="Autre")
    account.save()
    assert not teams_of(account).exists()


def test_placing_an_agent_again_replaces_the_roles(town):
    account = create(town)
    place(account, {town.team: [Role.MANAGER, Role.DESIGNER], None: [Role.DPO]})
    place(account, {town.team: [Role.MANAGER, Role.DESIGNER], None: [Role.PUBLISHER]})
    assert roles_of(account) == {Role.MANAGER, Role.DESIGNER, Role.PUBLISHER}
    place(account, {})
    assert not teams_of(account).exists()


def test_a_team_lacks_nothing_of_what_the_law_prints(town):
    with pytest.raises(Refused) as refused:
        keep_team(town.authority, town.sector, "famille", {"name": "Service famille", "email": "x"})
    assert {problem.partition(" ")[0] for problem in refused.value.problems} == {"address", "email", "phone"}


def test_a_siret_and_a_time_zone_are_checked(db):
    with pytest.raises(Refused) as refused:
        keep_authority("123", {"slug": "v", "name": "V", "timezone": "Europe/Valmont"})
    assert len(refused.value.problems) == 2


class TestTheAuthorityOfARequest:
    def test_is_the_only_one_under_any_host(self, town, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert authority_for_host("kiosque.local") == town.authority

    def test_is_the_one_named_by_the_host_when_there_are_several(self, town, django_assert_num_queries):
        other = Authority.objects.create(siret="21490998900018", slug="autre", name="Autre", host="demarches.autre.fr")
        with django_assert_num_queries(1):
            assert authority_for_host("Demarches.AUTRE.fr") == other

    def test_is_unknown_when_several_could_be_meant(self, town):
        Authority.objects.create(siret="21490998900018", slug="autre", name="Autre", host="demarches.autre.fr")
        assert authority_for_host("inconnu.fr") is None

    def test_costs_nothing_where_none_is_needed(self, town, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/health/live").status_code == 200
