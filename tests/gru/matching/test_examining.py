"""Who is found to look like whom, at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.gru.conftest import make_town
from tests.gru.matching.conftest import CAMILLE, pair, suspected

from etoile.gru.matching import examining, keeping
from etoile.gru.matching.models import Key, Suspicion, ToExamine
from etoile.gru.people import scope
from etoile.gru.people.models import Level, Person
from etoile.gru.people.services import record_attribute

pytestmark = pytest.mark.django_db


def test_those_who_look_alike_are_found_once_and_forgotten_when_they_no_longer_do(town):
    first, second = pair(town, family_name="MARTIN")
    town.submit(applicant={**CAMILLE, "family_name": "Bernard", "given_names": "Sacha"})
    found = suspected()
    assert [{each.first_id, each.second_id} for each in found] == [{first.person_id, second.person_id}]
    assert found[0].points == 95
    assert not ToExamine.objects.exists()

    with scope.of_task("test"):
        record_attribute(second.person, "given_names", "Dominique", level=Level.OFFICIAL_PROOF, source="carte")
    assert suspected() == []


def test_no_name_nor_value_is_in_the_tables_that_find(town):
    pair(town)
    suspected()
    with scope.of_task("test"), connection.cursor() as cursor:
        assert Key.objects.exists()
        cursor.execute("SELECT string_agg(t::text, ' ') FROM matching_key t")
        (kept,) = cursor.fetchone()
    assert "artin" not in kept.lower() and "camille" not in kept.lower()


def test_two_authorities_are_never_compared(town):
    town.submit(applicant=CAMILLE)
    make_town("21490888800011", "autre").submit(applicant=CAMILLE)
    assert suspected() == []


def test_one_who_asked_that_nothing_more_be_done_of_it_is_not_compared(town):
    first, _second = pair(town)
    assert len(suspected()) == 1
    with scope.of_task("test"):
        Person.objects.filter(pk=first.person_id).update(restricted_at=first.submitted_at)
    examining.again([first.person_id])
    assert suspected() == []


def test_ten_persons_cost_the_statements_of_two(town):
    def cost(number):
        for _each in range(number):
            town.submit(applicant=CAMILLE)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            examining.examine_all()
        return len(seen)

    two = cost(2)
    assert cost(8) <= two + 2
    with scope.of_task("test"):
        assert Suspicion.objects.count() == 45


def test_a_town_has_rules_of_its_own_and_everybody_is_compared_by_them(town):
    pair(town, phone="", email="")
    assert suspected() == []
    raw = {
        "suspect": 40, "likely": 90, "decisive": 500, "identity": ["family_name"],
        "candidates": [["family_name", "given_names"]],
        "attributes": {
            "family_name": {"as": "words", "exact": 25}, "given_names": {"as": "words", "exact": 20},
        },
    }  # fmt: skip
    keeping.keep(town.authority, raw)
    assert [each.points for each in suspected()] == [45]
    keeping.give_back(town.authority)
    assert suspected() == []
