"""What is usual of an application is learnt from the journal; its silence is told in working time."""

import random
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from etoile.hub.watch import alarms, figures, silence, worktime
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Rhythm
from tests.hub.watch.conftest import id_of

pytestmark = pytest.mark.django_db
PARIS = timezone.get_default_timezone()
HOUR = 3600.0


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


class Town:
    """A simulated town: each working day some cases go to the technical services, which answer after some hours."""

    def __init__(self, past, monkeypatch):
        self.past, self.chance, self.number = past, random.Random(11), 0

    def day(self, start, *, cases=2, answered_after=(2, 6)):
        """Cases of one morning; `answered_after`: between so many hours, None for no answer."""
        for _ in range(cases):
            self.number += 1
            subject = f"case/{self.number}"
            sent = start + timedelta(minutes=self.chance.randint(0, 60))
            self.past.delivery(sent, subject=subject)
            if answered_after:
                self.past.status(sent + timedelta(hours=self.chance.uniform(*answered_after)), subject)

    def weeks(self, first, last, **how):
        day = first
        while day < last:
            if worktime.works(day.date()):
                self.day(day, **how)
            day += timedelta(days=1)

    def learn(self, now):
        while figures.refresh(now) > 100:
            pass
        figures.refresh(now)
        silence.learn(now)

    def look(self, now):
        figures.refresh(now)
        silence.look(now)
        alarms.evaluate(now, CHECKS)
        return [alarm for alarm in alarms.opened() if alarm.cause == "silent:voirie"]


@pytest.fixture
def simulated(past, monkeypatch):
    return Town(past, monkeypatch)


def rhythm():
    return Rhythm.objects.get(application_id=id_of("voirie"))


def test_the_usual_delay_is_learnt_in_working_time(simulated):
    simulated.weeks(at(2, 9), at(21, 9))
    simulated.learn(at(21, 9))
    found = rhythm()
    assert found.first_sample == 2 * 14
    assert 2 * HOUR <= found.first_usual <= 6 * HOUR
    assert found.first_usual <= found.first_late <= 6 * HOUR
    assert found.status_gap is not None


def test_one_forgotten_case_does_not_make_a_long_silence_usual(simulated):
    simulated.weeks(at(2, 9), at(21, 9), cases=4)
    simulated.day(at(3, 8), cases=1, answered_after=(300, 301))
    simulated.learn(at(21, 9))
    assert rhythm().first_late <= 6 * HOUR


def test_three_days_without_a_status_are_told_with_the_number_of_cases_that_wait(simulated):
    simulated.weeks(at(2, 9), at(21, 9))
    simulated.learn(at(21, 9))
    simulated.weeks(at(23, 9), at(26, 9), cases=4, answered_after=None)
    [alarm] = simulated.look(at(26, 11))
    assert alarm.cause == "silent:voirie"
    assert (alarm.detail["of"], alarm.count) == ("status", 12)
    assert alarm.words.startswith("Aucun statut de « Services techniques » depuis ")
    assert alarm.words.endswith(" jours, 12 demandes attendent.")


def test_a_night_and_a_week_end_are_not_a_silence(simulated):
    simulated.weeks(at(2, 9), at(21, 9))
    simulated.learn(at(21, 9))
    simulated.day(at(20, 16), cases=5, answered_after=None)
    for moment in (at(21, 2), at(21, 15), at(22, 15), at(23, 7)):
        assert simulated.look(moment) == []


def test_a_bank_holiday_is_not_a_silence(simulated):
    # 1 May 2026 is a Friday, 8 May too: two long week-ends.
    simulated.weeks(at(1, 9, month=4), at(30, 19, month=4))
    simulated.learn(at(30, 20, month=4))
    assert simulated.look(at(3, 20, month=5)) == []
    assert simulated.look(at(4, 9, month=5)) == []


def test_an_answer_ends_the_silence(simulated):
    simulated.weeks(at(2, 9), at(21, 9))
    simulated.learn(at(21, 9))
    simulated.weeks(at(23, 9), at(26, 9), answered_after=None)
    assert len(simulated.look(at(26, 11))) == 1
    simulated.past.status(at(26, 11, 30), "case/1")
    simulated.look(at(26, 11, 40))
    assert simulated.look(at(26, 11, 50)) == []


def test_a_slow_application_is_left_to_its_own_pace(simulated):
    simulated.weeks(at(1, 9, month=10), at(14, 9), answered_after=(190, 240))
    simulated.learn(at(20, 9))
    assert rhythm().first_late > 3 * worktime.DAY
    simulated.day(at(20, 10), cases=5, answered_after=None)
    assert simulated.look(at(24, 12)) == []


def test_too_few_examples_teach_nothing(simulated):
    simulated.weeks(at(16, 9), at(21, 9))
    simulated.learn(at(21, 9))
    found = rhythm()
    assert (found.first_sample, found.first_late, found.status_gap) == (10, None, None)
    simulated.weeks(at(23, 9), at(27, 9), answered_after=None)
    assert simulated.look(at(27, 11)) == []


def test_an_application_that_publishes_each_day_and_stops_is_told(simulated):
    day = at(2, 9)
    while day < at(21, 9):
        if worktime.works(day.date()):
            for hour in range(0, 8, 2):
                simulated.past.message(
                    day + timedelta(hours=hour), source="voirie", subject="p", type="org.etoile.person.updated.v1"
                )
        day += timedelta(days=1)
    simulated.learn(at(21, 9))
    # From Friday at three: nine hours of work, then eleven.
    assert simulated.look(at(23, 14)) == []
    [alarm] = simulated.look(at(23, 16))
    assert alarm.detail["of"] == "events"
    assert "Aucune nouvelle de « Services techniques »" in alarm.words


def test_the_delay_between_two_statuses_is_learnt_too(simulated):
    for number, day in enumerate(range(2, 28)):
        start = at(day, 9)
        if worktime.works(start.date()):
            for again in (0, 1):
                subject = f"case/{number}-{again}"
                simulated.past.delivery(start, subject=subject)
                simulated.past.status(start + timedelta(hours=1), subject)
                simulated.past.status(start + timedelta(hours=4), subject)
    simulated.learn(at(28, 9))
    found = rhythm()
    assert found.next_usual == pytest.approx(3 * HOUR, abs=1)
