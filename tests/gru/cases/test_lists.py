"""The lists of an agent: what waits for them, what they ask, in pages that follow one another."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.gru.conftest import log_in, make_agent, make_town

from etoile.gru.cases import actors, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.lists import groups, pages, saving
from etoile.gru.cases.lists.criteria import Criteria, Due, Follower
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.pages import Sort
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case, Handoff

PARIS = ZoneInfo("Europe/Paris")


def today():
    return datetime.now(PARIS).date()


def changed(case, **fields):
    Case.objects.filter(pk=case.pk).update(**fields)
    return case


def handed(case, state):
    Handoff.objects.create(
        case=case, delivery=state, message_type="x", application="a", application_name="A", state=state,
        occurred_at=timezone.now(),
    )  # fmt: skip
    return case


@pytest.fixture
def day(town):
    """One case of each kind that an agent meets, named."""
    colleague = make_agent(town.authority, town.team, "pierre@valmont.example")
    made = {name: town.submit() for name in ("new", "mine", "late", "near", "written", "asked", "broken", "ended")}
    services.start(made["mine"].pk, town.agent)
    services.start(made["asked"].pk, colleague)
    changed(made["asked"], substate="documents_asked")
    changed(made["late"], silence_date=today() - timedelta(days=1))
    changed(made["near"], silence_date=None, answer_due_at=timezone.now() + timedelta(days=4))
    services.post_message(made["written"].pk, actors.person("Camille"), "Et alors ?")
    handed(made["broken"], "rejected")
    handed(made["mine"], "acknowledged")
    changed(made["ended"], state="closed", silence_date=today() - timedelta(days=1))
    return made


def names(day, found):
    return {name for name, case in day.items() if case in set(found)}


def test_each_group_holds_what_waits_and_the_counts_say_so_in_one_statement(town, day, django_assert_num_queries):
    scope = scope_of(town.agent)
    expected = {
        Group.TO_TAKE: {"new", "late", "near", "written", "broken"},
        Group.MINE: {"mine"},
        Group.PRESSING: {"late", "near"},
        Group.UNREAD: {"written"},
        Group.PERSON: {"asked"},
        Group.HANDOFFS: {"broken"},
        Group.RETURNED: set(),
        Group.OPEN: set(day) - {"ended"},
        Group.ENDED: {"ended"},
        Group.ALL: set(day),
    }
    assert {group: names(day, groups.cases_of(group, scope, today())) for group in Group} == expected
    with django_assert_num_queries(1):
        counted = groups.counts(Group, scope, today(), most=4)
    assert counted == {group: min(4, len(held)) for group, held in expected.items()}
    stranger = scope_of(make_town("21490998800012", "autre").agent)
    assert not any(groups.counts(Group, stranger, today(), most=4).values())


def test_an_answer_given_or_a_decision_by_silence_leaves_nothing_due(town):
    case = town.submit()
    assert Case.objects.get().due_on == Case.objects.get().silence_date
    late = timezone.now() - timedelta(days=1)
    for fields, due in (
        ({"answer_due_at": late}, late.date()),
        ({"answered_at": late}, Case.objects.get().silence_date),
        ({"implicit_on": today()}, None),
        ({"implicit_on": None, "state": "accepted"}, None),
    ):
        changed(case, **fields)
        assert Case.objects.get().due_on == due


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Criteria(), {"new", "mine", "late", "near", "written", "asked", "broken", "ended"}),
        (Criteria(follower=Follower.ME), {"mine"}),
        (Criteria(follower=Follower.NOBODY, due=Due.LATE), {"late"}),
        (Criteria(follower=Follower.ME, due=Due.LATE), set()),
        (Criteria(follower=Follower.ME, due=Due.SOON, any_of=True), {"mine", "near"}),
        (Criteria(states=("closed",), substates=("documents_asked",), any_of=True), {"asked", "ended"}),
        (Criteria(channels=("counter", "phone")), set()),
        (Criteria(received_to=date(2020, 1, 1)), set()),
        (Criteria(received_from=date(2020, 1, 1), states=("closed",)), {"ended"}),
        (Criteria(words="26-ZZZZ-9", any_of=True, follower=Follower.ME), set()),
    ],
)
def test_criteria_are_asked_together_or_one_of_them(town, day, asked, found):
    everything = scope_of(town.agent).cases()
    assert names(day, asked.narrow(everything, me=(town.agent.pk,), zone=PARIS)) == found


@pytest.mark.parametrize("sort", Sort)
def test_pages_follow_one_another_and_lose_nothing_while_cases_arrive(town, sort):
    cases = [town.submit() for _ in range(6)]
    for number, case in enumerate(cases):
        dates = {"silence_date": today() + timedelta(days=number // 2) if number < 4 else None}
        changed(case, **dates)
    found, after = [], None
    for _ in range(5):
        held = list(pages.page(scope_of(town.agent).cases(), after=after, limit=2, sort=sort))
        if not held:
            break
        found += held
        after = pages.read(pages.written(pages.position_of(held[-1], sort)), sort)
        if sort is Sort.RECENT and len(found) == 2:
            town.submit()
    assert found == (cases[::-1] if sort is Sort.RECENT else cases)
    assert pages.read("rien", sort) is None


def test_a_list_is_kept_under_a_name_and_is_nobody_else_s(town):
    kept = saving.keep(town.agent, "  Mes  naissances ", "mots=acte&etat=submitted&etat=closed&apres=2026_x")
    assert (kept.name, kept.query) == ("Mes naissances", "mots=acte&etat=submitted&etat=closed")
    assert saving.keep(town.agent, "Mes naissances", "mots=autre").pk == kept.pk
    colleague = make_agent(town.authority, town.team, "pierre@valmont.example")
    assert saving.kept_by(colleague) == []
    assert not saving.forget(colleague, kept.pk)
    assert [each.query for each in saving.kept_by(town.agent)] == ["mots=autre"]
    assert saving.forget(town.agent, kept.pk)
    for name, query in (("  ", ""), ("x" * 61, ""), ("long", "mots=" + "x" * 2000)):
        with pytest.raises(CaseError):
            saving.keep(town.agent, name, query)


def test_the_days_on_which_an_answer_is_due_are_counted_and_each_opens_its_list(client, town, day):
    log_in(client, town.agent)
    late = today() - timedelta(days=1)
    assert groups.due_by_day(scope_of(town.agent), late, late) == {late: 1}
    page = client.get(reverse("backoffice:calendar"), {"mois": f"{late:%Y-%m}"}).content.decode()
    assert f"jour={late.isoformat()}" in page
    listed = client.get(reverse("backoffice:inbox"), {"jour": late.isoformat()}).content.decode()
    assert {name for name, case in day.items() if case.reference in listed} == {"late"}
    assert "Aucune réponse" in client.get(reverse("backoffice:calendar"), {"mois": "2050-01"}).content.decode()
    assert client.get(reverse("backoffice:calendar"), {"mois": "9999-12"}).status_code == 200
