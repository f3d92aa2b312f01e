"""Whatever comes, goes and fails to be looked at: one open alarm for each cause, told as many times as it opened."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etoile.hub.journal.models import Entry
from etoile.hub.watch import alarms
from etoile.hub.watch.causes import Cause, Check
from etoile.hub.watch.duties import DUTIES
from etoile.hub.watch.models import Alarm, AlarmKind, Notice
from tests.architecture.tree import ROOT
from tests.hub.watch.conftest import now

KINDS = (AlarmKind.DEAD, AlarmKind.POLL, AlarmKind.UNROUTED)
steps = st.lists(
    st.tuples(st.integers(0, 60), st.sets(st.sampled_from(KINDS)), st.sets(st.sampled_from(KINDS))), max_size=25
)


def check(kind, seen, failing):
    def look(cursor, snapshot, at):
        if kind in failing:
            raise RuntimeError(kind)
        if kind in seen:
            yield Cause(kind, kind.value, 1, {"name": "X", "subscription": "x"})

    return Check(kind.value, (kind,), look)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_what_is_told_is_what_happened(quiet, settings, story):
    settings.HUB_ALARM_EMAILS = ("astreinte@ville.example",)
    Alarm.objects.all().delete()
    start, at = Entry.objects.filter(kind__startswith="alarm.").count(), now()
    for minutes, seen, failing in story:
        at += timedelta(minutes=minutes)
        alarms.evaluate(at, tuple(check(kind, seen, failing) for kind in KINDS))
        opened = alarms.opened()
        assert len({alarm.cause for alarm in opened}) == len(opened)
        for alarm in Alarm.objects.filter(kind__in=KINDS):
            told = list(Notice.objects.filter(alarm=alarm).values_list("what", flat=True))
            assert told.count("opened") == (alarm.opened_at is not None)
            assert told.count("closed") == (alarm.closed_at is not None)
            # Seen a moment ago, it cannot be over.
            assert alarm.closed_at is None or alarm.closed_at - alarm.seen_at >= alarms.CLOSES_AFTER
        assert {
            kind for kind in seen - failing if not Alarm.objects.filter(kind=kind, closed_at=None).exists()
        } == set()
    written = Entry.objects.filter(kind__startswith="alarm.").count() - start
    assert written == Notice.objects.filter(what__in=("opened", "closed")).count()


def test_the_operators_book_says_what_to_do_of_each_alarm_and_job():
    book = (ROOT / "docs" / "operations.md").read_text()
    assert [kind.value for kind in AlarmKind if f"\n| `{kind.value}` |" not in book] == []
    assert [duty.name for duty in DUTIES if f"\n| `{duty.name}` |" not in book] == []
