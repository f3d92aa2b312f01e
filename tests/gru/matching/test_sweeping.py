"""A case filed while its person is merged, on connections that do not wait for one another."""

import threading

import pytest
from django.db import connection
from tests.gru.matching.conftest import CAMILLE, pair

from etoile.gru.cases import filing
from etoile.gru.cases.models import Case
from etoile.gru.contracts.models import STANDING, Changed
from etoile.gru.matching import merging, sweeping
from etoile.gru.matching.models import Move
from etoile.gru.people import scope


def elsewhere_do(act):
    """In another connection, to its end."""

    def run():
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive(), "it waits for the one that files"


@pytest.mark.django_db(transaction=True)
def test_a_case_filed_while_its_person_is_merged_follows_and_comes_back(town, monkeypatch):
    first, second = pair(town)
    third = town.submit(applicant=CAMILLE)
    real, done = filing.record_again, []

    def merged_meanwhile(*given, **more):
        found = real(*given, **more)
        elsewhere_do(lambda: done.append(merging.merge(first.person_id, second.person_id, town.agent)))
        return found

    monkeypatch.setattr(filing, "record_again", merged_meanwhile)
    late = town.submit(applicant=CAMILLE, person=second.person_id)
    assert Case.objects.get(pk=late.pk).person_id == second.person_id
    done.append(merging.merge(third.person_id, first.person_id, town.agent))

    Changed.objects.all().delete()
    assert (sweeping.sweep(), sweeping.sweep()) == (1, 0)
    assert [(each.person_id, each.key) for each in Changed.objects.all()] == [(second.person_id, STANDING)]
    assert Case.objects.get(pk=late.pk).person_id == third.person_id
    with scope.of_task("test"):
        assert Move.objects.filter(case_id=late.pk).count() == 2
    for each in reversed(done):
        merging.unmerge(each.pk, town.agent)
    assert {each.pk: each.person_id for each in Case.objects.all()} == {
        first.pk: first.person_id, second.pk: second.person_id, third.pk: third.person_id, late.pk: second.person_id,
    }  # fmt: skip
    assert sweeping.sweep() == 0
