"""Cases that go together: told to whoever may see both, closed and opened again without a trace on the legal clock."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from etoile.gru.access.models import Membership, Role
from etoile.gru.cases import actors, queries, services
from etoile.gru.cases.errors import CaseError, StaleCase
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.states import State
from etoile.gru.desk import duplicates, relations
from etoile.gru.desk.models import Duplicate, Pair
from etoile.gru.notices.models import Notice
from tests.gru.conftest import APPLICANT, make_town


@pytest.fixture
def twins(town):
    return town.submit(), town.submit(applicant={**APPLICANT, "email": "Camille.MARTIN@example.org"})


def near(case, agent):
    return relations.related(Case.objects.select_related("procedure_version").get(pk=case.pk), scope_of(agent))


def address(name, case, *more):
    return reverse(f"backoffice:{name}", args=[case.pk, *more])


def test_the_same_procedure_and_e_mail_within_a_month_look_alike(agent, town, twins):
    first, second = twins
    old = town.submit(submitted_at=first.submitted_at - timedelta(days=31))
    stranger = town.submit(applicant={**APPLICANT, "email": "lou@example.org"})
    found = near(first, agent)
    assert [each.pk for each in found.alike] == [second.pk]
    assert [each.pk for each in found.others] == [old.pk]
    assert near(stranger, agent).number == 0
    services.withdraw(second.pk, actors.person())
    assert near(first, agent).alike == ()


def test_what_an_agent_may_not_see_is_not_told_to_exist(agent, twins):
    first, second = twins
    elsewhere = make_town("21490888800016", "bourg")
    relations.pair(first, second, agent, Pair.Kind.LINKED)
    Case.objects.filter(pk=second.pk).update(team=elsewhere.team, sector=elsewhere.sector)
    assert near(first, agent).number == 0
    with pytest.raises(CaseError):
        relations.named(second.reference, scope_of(agent))


def test_a_duplicate_is_closed_points_to_the_one_kept_and_opens_again_with_its_own_delay(client, agent, town, twins):
    kept, double = twins
    before = town.case(double)
    given = {"proche-reference": kept.reference.lower(), "proche-version": double.version}
    client.post(address("duplicate", double), given)
    marked = town.case(double)
    assert (marked.state, marked.silence_date) == ("closed", before.silence_date)
    assert near(double, agent).kept.pk == kept.pk
    assert [each.pk for each in near(kept, agent).duplicates] == [double.pk]
    words = Notice.objects.filter(case_id=double.pk).latest("created_at").context["words"]
    assert kept.reference in words["body"]["fr"]
    assert "arrivée deux fois" in client.get(f"/suivi/{double.tracking_key}/").content.decode()
    assert queries.chain_is_whole(marked)

    client.post(address("unduplicate", double), {"version": marked.version})
    again = town.case(double)
    assert (again.state, again.silence_date, again.assignee) == ("in_progress", before.silence_date, agent)
    assert not Duplicate.objects.exists()
    assert [row.verb for row in History.objects.filter(case=double)][-2:] == ["duplicate", "unduplicate"]
    with pytest.raises(CaseError):
        duplicates.undo(double.pk, agent)


def test_the_other_reference_is_told_to_the_same_address_only(agent, town):
    kept, double = town.submit(), town.submit(applicant={**APPLICANT, "email": "lou@example.org"})
    duplicates.mark(double.pk, agent, kept)
    words = Notice.objects.filter(case_id=double.pk).latest("created_at").context["words"]
    assert kept.reference not in words["body"]["fr"]


def test_duplicates_make_no_chain_and_no_circle(agent, town, twins):
    first, second = twins
    third = town.submit()
    duplicates.mark(first.pk, agent, second)
    duplicates.mark(second.pk, agent, third)
    assert set(Duplicate.objects.values_list("case", "kept")) == {(first.pk, third.pk), (second.pk, third.pk)}
    for wrong in (third, first):
        with pytest.raises(CaseError):
            duplicates.mark(third.pk, agent, wrong)
    with pytest.raises(StaleCase):
        duplicates.mark(third.pk, agent, town.submit(), expected_version=9)


def test_a_case_opened_again_by_the_usual_way_is_a_duplicate_no_more(agent, town, twins):
    first, second = twins
    duplicates.mark(first.pk, agent, second)
    services.reopen(first.pk, agent, reason="Deux enfants")
    assert [each.pk for each in near(second, agent).alike] == [first.pk]
    services.decide(first.pk, agent, outcome=State.CLOSED, reasons="Sans objet")
    assert (near(first, agent).marked, near(second, agent).duplicates) == (False, ())
    with pytest.raises(CaseError):
        duplicates.undo(first.pk, agent)
    duplicates.mark(second.pk, agent, first)
    assert near(first, agent).duplicates[0].pk == second.pk


def test_closing_as_a_duplicate_is_for_those_who_decide(client, agent, twins):
    kept, double = twins
    Membership.objects.update(role=Role.READER)
    given = {"proche-reference": kept.reference, "proche-version": double.version}
    for name in ("duplicate", "unduplicate", "link"):
        assert client.post(address(name, double), given).status_code == 403
    assert client.post(address("apart", double, kept.pk)).status_code == 403


def test_two_cases_are_linked_told_apart_and_parted(client, agent, twins):
    first, second = twins
    client.post(
        address("link", first), {"proche-reference": second.reference, "proche-why": "Fratrie", "proche-version": 1}
    )
    assert [(each.case.pk, each.why) for each in near(second, agent).linked] == [(first.pk, "Fratrie")]
    client.post(address("apart", second, first.pk), {"distinct": "1"})
    assert (near(second, agent).linked, near(second, agent).alike) == ((), ())
    client.post(address("apart", first, second.pk))
    assert len(near(second, agent).alike) == 1
    assert client.post(address("apart", first, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("reference", ["", "26-K7QM-4", "26-2222-2"])
def test_a_reference_that_leads_nowhere_is_told_in_plain_words(client, agent, town, reference):
    case = town.submit()
    answer = client.post(address("link", case), {"proche-reference": reference, "proche-version": 1})
    assert answer.status_code == 422
    assert "26-K7QM-3" in answer.content.decode()
