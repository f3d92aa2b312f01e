from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.people.pairwise import UnknownIdentifier, identifier, person_id
from etoile.gru.people.services import LowerLevel, record_applicant, record_attribute

APPLICANT = {
    "kind": "natural",
    "civility": "MADAME",
    "family_name": "Martin",
    "given_names": "Camille",
    "email": "camille@exemple.fr",
    "address": {"lines": ["12 rue des Tilleuls"], "postal_code": "49999", "city": "Valmont-sur-Loire"},
    "phone": "",
    "colour": "blue",
}


@pytest.fixture(autouse=True)
def _read_by_a_test():
    with scope.of_task("test"):
        yield


def alias_of(person, sector):
    return identifier(person.pk, person.authority_id, sector)


def kept(person, key="family_name"):
    return Attribute.objects.get(person=person, key=key)


def test_an_applicant_is_recorded_in_two_statements(town, django_assert_num_queries):
    with django_assert_num_queries(2):
        person = record_applicant(town.authority, APPLICANT)
    known = {each.key: (each.value, each.level, each.source) for each in person.attributes.all()}
    assert known["family_name"] == ("Martin", Level.DECLARED, "declared")
    assert known["address"][0]["city"] == "Valmont-sur-Loire"


def test_only_what_identifies_is_kept_and_nothing_empty(town):
    person = record_applicant(town.authority, APPLICANT)
    assert set(person.attributes.values_list("key", flat=True)) == {
        "civility", "family_name", "given_names", "email", "address",
    }  # fmt: skip


def test_the_same_e_mail_twice_is_two_persons(town):
    first, second = (record_applicant(town.authority, APPLICANT) for _ in range(2))
    assert first.pk != second.pk


def test_a_company_is_a_legal_person(town):
    person = record_applicant(town.authority, {"kind": "legal", "organisation": "SARL", "siret": "73282932000074"})
    assert person.kind == "legal"


@pytest.mark.parametrize("known", list(Level))
@pytest.mark.parametrize("offered", list(Level))
def test_a_lower_level_never_overwrites_a_higher_one(town, known, offered):
    person = record_applicant(town.authority, {})
    record_attribute(person, "family_name", "Martin", level=known, source="avant")
    if offered >= known:
        record_attribute(person, "family_name", "Bernard", level=offered, source="après")
        assert (kept(person).value, kept(person).level, kept(person).source) == ("Bernard", offered, "après")
    else:
        with pytest.raises(LowerLevel, match="ne la remplace pas"):
            record_attribute(person, "family_name", "Bernard", level=offered, source="après")
        assert (kept(person).value, kept(person).level, kept(person).source) == ("Martin", known, "avant")


def test_what_has_expired_may_be_replaced_by_less(town):
    person = record_applicant(town.authority, {})
    past = timezone.now() - timedelta(days=400)
    record_attribute(
        person,
        "address",
        "A",
        level=Level.OFFICIAL_PROOF,
        source="a",
        certified_at=past,
        expires_at=past + timedelta(1),
    )
    record_attribute(person, "address", "B", level=Level.DECLARED, source="b")
    assert kept(person, "address").value == "B"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(list(Level)), min_size=1, max_size=6))
def test_whatever_the_order_of_writings_the_highest_level_stands(town, levels):
    person = record_applicant(town.authority, {})
    for number, level in enumerate(levels):
        try:
            record_attribute(person, "email", number, level=level, source="x")
        except LowerLevel:
            continue
    assert kept(person, "email").level == max(levels)


def test_the_database_refuses_an_unknown_level(town):
    person = record_applicant(town.authority, {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribute.objects.create(person=person, key="x", value=1, level=50, certified_at=timezone.now())


class TestPairwiseIdentifiers:
    def test_are_stable_in_a_sector_and_different_in_another(self, town):
        person = record_applicant(town.authority, {})
        assert alias_of(person, "enfance") == alias_of(Person.objects.get(pk=person.pk), "enfance")
        assert alias_of(person, "enfance") != alias_of(person, "urbanisme")

    def test_lead_back_to_the_person_in_their_sector_only(self, town):
        person = record_applicant(town.authority, {})
        alias = alias_of(person, "enfance")
        assert person_id(alias, town.authority, "enfance") == person.pk
        with pytest.raises(UnknownIdentifier):
            person_id(alias, town.authority, "urbanisme")

    @pytest.mark.parametrize("forged", ["", "abc", "é", "A" * 43, "../.."])
    def test_refuse_what_was_never_made_here(self, town, forged):
        with pytest.raises(UnknownIdentifier):
            person_id(forged, town.authority, "enfance")

    def test_do_not_show_the_identifier_of_the_database(self, town):
        person = record_applicant(town.authority, {})
        assert person.pk.hex not in alias_of(person, "enfance")
