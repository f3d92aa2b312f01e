"""The pages where an agent says that two persons are one, or two."""

import pytest
from django.urls import reverse

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute
from tests.gru.conftest import log_in, text
from tests.gru.matching.conftest import elsewhere, pair, suspected, town  # noqa: F401

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"backoffice:people-{name}", args=args)


@pytest.fixture
def signed_in(client, town):  # noqa: F811
    log_in(client, town.agent)
    return client


def test_two_are_compared_taken_merged_and_parted_again(signed_in, town):  # noqa: F811
    first, second = pair(town, family_name="MARTIN")
    (found,) = suspected()
    assert "Camille Martin et Camille MARTIN" in text(signed_in.get(at("doubles")))

    page = text(signed_in.get(at("compare", found.pk)))
    assert "même valeur, écrite autrement (Martin ; MARTIN)" in page
    assert first.reference in page and second.reference in page
    assert at("decide", found.pk) not in page
    assert Entry.objects.filter(action="person.compared").count() == 2

    assert signed_in.post(at("take", found.pk)).url == at("compare", found.pk)
    assert at("decide", found.pk) in text(signed_in.get(at("compare", found.pk)))
    refused = signed_in.post(at("decide", found.pk), {})
    assert refused.status_code == 422 and "Choisissez la fiche à garder." in text(refused)
    done = signed_in.post(at("decide", found.pk), {"same": "1", "kept": first.person_id, "why": "au téléphone"})
    page = text(signed_in.get(done.url))
    assert "Par Nadia Leroy" in page and second.reference in page and "au téléphone" in page
    assert signed_in.get(at("compare", found.pk)).status_code == 404

    assert signed_in.post(done.url + "annulation/", {"why": ""}).status_code == 422
    signed_in.post(done.url + "annulation/", {"why": "père et fils", "apart": "on"})
    assert Case.objects.get(pk=second.pk).person_id == second.person_id
    assert "Annulée par Nadia Leroy" in text(signed_in.get(done.url))
    assert "annulée" in text(signed_in.get(at("doubles") + "?vue=fusions"))
    page = text(signed_in.get(at("doubles") + "?vue=ecartes"))
    assert "père et fils" in page
    signed_in.post(_action(page))
    assert len(suspected()) == 1


def _action(page):
    return next(each.split('"')[0] for each in page.split('action="') if "ecartes" in each.split('"')[0])


def test_the_pages_cost_the_same_for_one_pair_as_for_many(signed_in, town, django_assert_max_num_queries):  # noqa: F811
    for _each in range(3):
        pair(town)
    found = suspected()
    assert len(found) == 15
    for address, most in (
        (at("doubles"), 14),
        (at("compare", found[0].pk), 17),
        (at("doubles") + "?vue=fusions", 12),
        (at("doubles") + "?vue=regles", 11),
    ):
        with django_assert_max_num_queries(most):
            assert signed_in.get(address).status_code == 200


def test_a_pair_of_another_sector_does_not_exist_for_this_agent(signed_in, town, elsewhere):  # noqa: F811
    _first, second = pair(town)
    (found,) = suspected()
    Case.objects.filter(pk=second.pk).update(sector=elsewhere.sector_id)
    for answer in (
        signed_in.get(at("compare", found.pk)),
        signed_in.post(at("decide", found.pk), {"apart": "1"}),
        signed_in.post(at("take", found.pk)),
    ):
        assert answer.status_code == 404
    assert "Martin" not in text(signed_in.get(at("doubles")))

    Membership.objects.filter(account=town.agent).update(role=Role.INSTRUCTOR)
    assert signed_in.get(at("doubles")).status_code == 403


def test_what_is_as_sure_on_both_sides_is_chosen_and_the_last_said_is_proposed(signed_in, town):  # noqa: F811
    first, _second = pair(town, phone="+33639980177")
    (found,) = suspected()
    signed_in.post(at("take", found.pk))
    page = text(signed_in.get(at("compare", found.pk)))
    assert "Aussi sûres l’une que l’autre" in page and 'name="value_phone"' in page and "value_email" not in page
    signed_in.post(at("decide", found.pk), {"kept": first.person_id})
    assert phone_of(first.person_id) == "+33639980177"


def phone_of(person):
    with scope.of_task("test"):
        return Attribute.objects.get(person=person, key="phone").value


def test_an_agent_says_that_two_are_one_and_whoever_merges_reads_why(signed_in, town, elsewhere):  # noqa: F811
    first = town.submit()
    second = town.submit(applicant={"kind": "natural", "family_name": "Lopez", "given_names": "Ana"})
    hidden = town.submit(applicant={"kind": "natural", "family_name": "Lopez", "given_names": "Ana"})
    Case.objects.filter(pk=hidden.pk).update(sector=elsewhere.sector_id)
    here = at("flag", first.person_id)
    page = text(signed_in.post(here, {"family_name": "lopez", "given_names": "ana"}))
    assert str(second.person_id) in page and str(hidden.person_id) not in page
    offered = {"offered": [second.person_id, hidden.person_id], "flag": "1"}
    refused = signed_in.post(here, {**offered, "other": second.person_id, "why": " "})
    assert refused.status_code == 422 and "Dites ce qui vous fait penser" in text(refused)
    assert signed_in.post(here, {**offered, "other": hidden.person_id, "why": "x"}).status_code == 422
    assert signed_in.get(at("flag", hidden.person_id)).status_code == 404
    done = signed_in.post(here, {**offered, "other": second.person_id, "why": "elle s’est mariée"})
    assert done.url == reverse("backoffice:person", args=[first.person_id])
    (found,) = suspected()
    assert {found.first_id, found.second_id} == {first.person_id, second.person_id}
    assert "signalé" in text(signed_in.get(at("doubles")))
    assert "Signalé par Nadia Leroy : elle s’est mariée" in text(signed_in.get(at("compare", found.pk)))
    assert Entry.objects.filter(action="person.flagged").count() == 2
