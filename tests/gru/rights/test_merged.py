"""After a merge, right or wrong, a tracking link opens no more than before it."""

import json

import pytest
from tests.gru.conftest import text
from tests.gru.matching.conftest import pair, town  # noqa: F401

from etoile.gru.accounts.models import How, PersonAccount
from etoile.gru.accounts.services import keep
from etoile.gru.cases.models import Case
from etoile.gru.matching import merging
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import record_applicant, record_attribute
from etoile.gru.rights.holdings import export
from etoile.gru.rights.subject import of_account, of_case, whole_of_case

pytestmark = pytest.mark.django_db
OWN, OTHER, LATER = "18 rue des Forges", "1984-05-07", "+33639980177"


def write(person, key, value, level=Level.OFFICIAL_PROOF_SEEN):
    with scope.of_task("test"):
        record_attribute(person, key, value, level=level, source="essai")


@pytest.fixture
def merged(town):  # noqa: F811
    """The case of the one kept, who said where they live, and of the other, whose birth was attested."""
    first, second = pair(town)
    write(first.person, "address", {"lines": OWN}, Level.DECLARED)
    write(second.person, "address", {"lines": "chez l’autre"})
    write(second.person, "birth_date", OTHER)
    done = merging.merge(first.person_id, second.person_id, town.agent)
    write(first.person, "phone", LATER)
    return done, town.case(first), town.case(second)


def held(subject):
    return json.dumps(export.document(subject)["tables"], ensure_ascii=False)


def test_each_link_opens_what_its_record_held_and_the_officer_and_the_account_the_whole(merged, client):
    _done, kept, other = merged
    mine, theirs = held(of_case(kept)), held(of_case(other))
    assert OWN in mine and not any(each in mine for each in (OTHER, "chez l’autre", LATER))
    assert OTHER in theirs and "chez l’autre" in theirs and OWN not in theirs and LATER not in theirs
    assert all(each in held(whole_of_case(kept)) for each in (OWN, OTHER, LATER))
    page = text(client.get(f"/suivi/{other.tracking_key}/mes-donnees/"))
    assert "Votre fiche a été réunie avec une autre" in page

    account = PersonAccount.objects.create(authority=kept.authority, person_id=kept.person_id)
    assert all(each in held(of_account(account)) for each in (OWN, OTHER, LATER))
    stranger = PersonAccount.objects.create(authority=kept.authority, person=town_person(kept))
    keep(stranger, other.pk, How.LINK)
    by_link = held(of_account(stranger))
    assert OTHER in by_link and OWN not in by_link


def town_person(case):
    return record_applicant(case.authority, {"kind": "natural", "family_name": "Durand"})


def test_once_undone_neither_reads_what_was_the_others_for_a_time(merged, town):  # noqa: F811
    done, kept, other = merged
    merging.unmerge(done.pk, town.agent, why="deux personnes")
    mine, theirs = held(of_case(kept)), held(of_case(town.case(other)))
    assert OWN in mine and LATER in mine and OTHER not in mine and "chez l’autre" not in mine
    assert OTHER in theirs and LATER not in theirs and OWN not in theirs
    account = PersonAccount.objects.create(authority=kept.authority, person_id=kept.person_id)
    assert OTHER not in held(of_account(account))


def test_a_record_merged_twice_over_is_shown_as_each_was(merged, town):  # noqa: F811
    _done, kept, other = merged
    third = town.submit(applicant={"kind": "natural", "family_name": "Tiers", "given_names": "Camille"})
    merging.merge(third.person_id, kept.person_id, town.agent)
    assert set(Case.objects.values_list("person", flat=True)) == {third.person_id}
    for case, seen in ((kept, OWN), (other, OTHER), (third, "Tiers")):
        told = held(of_case(town.case(case)))
        assert [each for each in (OWN, OTHER, "Tiers") if each in told] == [seen]
