"""The pages of a person: of one's own sectors only, and each opening is written."""

import uuid

import pytest

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Person
from tests.gru.conftest import log_in, make_agent, text
from tests.gru.people.test_sealed import make_sector


@pytest.fixture
def page(case):
    return f"/agents/personnes/{case.person_id}/"


def test_the_file_of_a_person_says_what_is_known_how_and_who_read_it(client, agent, case, page, subtests):
    client.get(page)
    shown = text(client.get(page))
    for words in (
        "Camille Martin", "Déclaré par la personne", "par une demande", case.reference, "Qui a écrit quoi",
        "Fiche ouverte", str(agent), "/attester/family_name/",
    ):  # fmt: skip
        with subtests.test(words):
            assert words in shown
    assert f'href="{page}"' in text(client.get(f"/agents/demandes/{case.pk}/"))
    assert "/attester/email/" not in shown
    assert Entry.objects.filter(action="person.read", person_id=case.person_id).count() == 1


def test_what_it_costs_does_not_grow_with_what_is_known(client, agent, case, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        client.get(page)


def test_whoever_is_not_of_my_sectors_does_not_exist(client, town, case, page, subtests):
    elsewhere = make_agent(town.authority, make_sector(town, "enfance"), "paul@valmont.example")
    log_in(client, elsewhere)
    for address in (page, f"{page}attester/family_name/", f"/agents/personnes/{uuid.uuid4()}/"):
        with subtests.test(address):
            assert client.get(address).status_code == 404
    found = client.post("/agents/personnes/", {"family_name": "Martin", "given_names": "Camille"})
    assert found.status_code == 200 and "Personne de vos services ne répond" in text(found)
    assert not Entry.objects.filter(action="person.read").exists()


def test_the_file_of_somebody_merged_leads_to_the_one_in_use(client, agent, town, case, page):
    other = town.submit()
    with scope.of_task("test"):
        Person.objects.filter(pk=other.person_id).update(merged_into=case.person_id)
    assert client.get(f"/agents/personnes/{other.person_id}/")["Location"] == page


def test_a_search_by_one_thing_is_refused_in_words(client, agent):
    refused = client.post("/agents/personnes/", {"family_name": "Martin"})
    assert refused.status_code == 422 and "au moins deux critères" in text(refused)
    found = client.post("/agents/personnes/", {"family_name": "Martin", "email": "camille.martin@example.org"})
    assert "0 personne" in text(found)


def test_an_agent_attests_from_the_page_and_what_changed_meanwhile_is_read_again(client, agent, case, page):
    address = f"{page}attester/family_name/"
    seen = client.get(address).context["seen"]
    assert client.post(address, {"seen": seen}).status_code == 422
    assert client.post(address, {"seen": "1/2026", "proof": "500"}).status_code == 422
    assert client.post(address, {"seen": seen, "proof": "600"}).status_code == 422
    answer = client.post(address, {"seen": seen, "proof": "500", "value": "Martin"})
    assert answer.status_code == 302 and answer["Location"] == page
    with scope.of_task("test"):
        assert Attribute.objects.get(person=case.person_id, key="family_name").level == 500
    assert "Justificatif officiel vu au guichet" in text(client.get(page))
    Membership.objects.filter(account=agent).update(role=Role.READER)
    assert client.get(address).status_code == 403
    assert "/attester/" not in text(client.get(page))
