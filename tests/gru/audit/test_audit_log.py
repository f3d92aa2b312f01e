"""What the audit log keeps, and that nobody changes it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from etoile.gru.audit import queries, services
from etoile.gru.audit.models import Entry
from etoile.gru.cases import services as cases


def line(town, **more):
    return Entry.objects.create(**{"authority_id": town.authority.pk, "actor": "Nadia", "action": "team.kept", **more})


def test_a_line_is_never_changed_and_only_removed_when_it_is_old(town):
    young = line(town)
    old = line(town, at=timezone.now() - timedelta(days=400))
    for refused in (
        lambda: Entry.objects.filter(pk=young.pk).update(actor="Quelqu’un"),
        lambda: Entry.objects.filter(pk=young.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    assert services.forget(before=timezone.now() - timedelta(days=365)) == 1
    assert list(Entry.objects.values_list("pk", flat=True)) == [young.pk]
    assert not Entry.objects.filter(pk=old.pk).exists()


def test_what_an_agent_does_on_a_case_is_in_the_log_with_its_history_or_not_at_all(town):
    case = town.submit()
    assert not Entry.objects.exists()
    with pytest.raises(RuntimeError), transaction.atomic():
        cases.start(case.pk, town.agent)
        raise RuntimeError
    assert not Entry.objects.exists()
    cases.start(case.pk, town.agent)
    found = Entry.objects.get()
    assert (found.action, found.subject, found.case_id) == ("case.start", case.reference, case.pk)
    assert (found.account_id, found.authority_id) == (town.agent.pk, town.authority.pk)


def test_a_case_opened_again_and_again_is_one_line_for_each_agent(town):
    case = town.submit()
    given = {"authority": town.authority.pk, "subject": case.reference, "case_id": case.pk}
    for _ in range(3):
        services.note_reading(by=town.agent, **given)
    assert Entry.objects.filter(action="case.read").count() == 1


def test_lines_are_found_by_who_what_and_when_and_pages_have_no_hole(town, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(queries, "SIZE", 2)
    rows = [line(town, subject=f"objet {number}") for number in range(5)]
    line(town, actor="Ali", action="agent.cut", at=timezone.now() - timedelta(days=3))
    line(town, authority_id=0, subject="ailleurs")
    read = lambda asked, **more: queries.page(town.authority.pk, asked, zone="Europe/Paris", **more)  # noqa: E731
    everything = queries.Asked(kind="team.")
    with django_assert_num_queries(1):
        first = read(everything)
    second = read(everything, before=first.older)
    third = read(everything, before=second.older)
    assert [each.pk for page in (first, second, third) for each in page.entries] == [row.pk for row in rows][::-1]
    assert third.older is None and first.newer is None
    assert [each.pk for each in read(everything, after=second.newer).entries] == [each.pk for each in first.entries]
    assert [each.actor for each in read(queries.Asked(words="ali")).entries] == ["Ali"]
    today = timezone.localdate()
    for asked, count in (
        (queries.Asked(until=today - timedelta(days=2)), 1),
        (queries.Asked(since=date.max - timedelta(days=2)), 0),
        (queries.Asked(account=town.agent.pk), 0),
        (queries.Asked(words="objet 3"), 1),
    ):
        assert len(read(asked).entries) == count, asked
