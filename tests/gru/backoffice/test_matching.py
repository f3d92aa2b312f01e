"""The pages where an agent says that two persons are one, or two."""

import pytest
from django.urls import reverse

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
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
