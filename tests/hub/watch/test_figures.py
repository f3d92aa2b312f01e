"""Figures are those of the deliveries, counted where they were accepted, however late they are settled."""

import random
from datetime import date, timedelta
from statistics import quantiles

import pytest
from django.utils import timezone

from etoile.hub.delivery.models import Delivery
from etoile.hub.watch import figures
from etoile.hub.watch.models import Figure, Hour
from tests.hub.watch.conftest import id_of, now, statements

pytestmark = pytest.mark.django_db
PARIS = timezone.get_default_timezone()


def at(day, hour, minute=0):
    return timezone.datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def counts(day):
    return (day.accepted, day.delivered, day.retried, day.dead)


def test_what_was_accepted_is_counted_by_application_and_local_day(past):
    past.delivery(at(23, 23, 59))
    past.delivery(at(24, 0, 1))
    past.delivery(at(24, 9), state="dead", attempts=22)
    past.delivery(at(24, 10), attempts=3)
    past.delivery(at(24, 11), to="famille-demandes", state="pending")
    past.status(at(24, 12), "case/1")
    figures.refresh(at(24, 13))
    first, second = figures.days(id_of("voirie"), date(2026, 11, 23), date(2026, 11, 24))
    assert (first.day, counts(first)) == (date(2026, 11, 23), (1, 1, 0, 0))
    assert (counts(second), second.published) == ((3, 2, 2, 1), 1)
    [both] = figures.days(None, date(2026, 11, 24), date(2026, 11, 24))
    assert (both.application_id, counts(both), both.published) == (None, (4, 2, 2, 1), 5)
    assert [each.application_id for each in figures.by_application(date(2026, 11, 24), date(2026, 11, 24))] == sorted(
        [id_of("gru"), id_of("voirie"), id_of("famille")]
    )


def test_counting_again_gives_the_same(past):
    past.delivery(at(24, 9))
    figures.refresh(at(24, 10))
    before = list(Figure.objects.values("hour", "application_id", "accepted", "latencies"))
    figures.refresh(at(24, 10))
    figures.revise(at(24, 10))
    assert list(Figure.objects.values("hour", "application_id", "accepted", "latencies")) == before


def test_what_is_settled_days_later_is_counted_where_it_was_accepted(past):
    late = past.delivery(at(20, 9), state="retry_scheduled", attempts=9)
    figures.refresh(at(20, 10))
    Delivery.objects.filter(pk=late.pk).update(state="acknowledged", due=None, settled_at=at(24, 9))
    figures.refresh(at(24, 9, 30))
    [day] = figures.days(id_of("voirie"), date(2026, 11, 20), date(2026, 11, 24))
    assert (day.day, counts(day)) == (date(2026, 11, 20), (1, 1, 1, 0))
    four_days = timedelta(days=4).total_seconds() * 1000
    assert day.p50_ms == pytest.approx(four_days, rel=0.025)


def test_an_hour_that_is_over_is_not_read_again_until_the_revision(past):
    done = past.delivery(at(20, 9))
    figures.refresh(at(20, 15))
    Delivery.objects.filter(pk=done.pk).update(state="pending", settled_at=None)
    assert figures.refresh(at(20, 15)) == 3
    [day] = figures.days(id_of("voirie"), date(2026, 11, 20), date(2026, 11, 20))
    assert day.delivered == 1
    figures.revise(at(21, 2))
    [day] = figures.days(id_of("voirie"), date(2026, 11, 20), date(2026, 11, 20))
    assert day.delivered == 0


def test_hours_missed_while_nothing_ran_are_counted_when_it_runs_again(past):
    for hour in (1, 5, 9):
        past.delivery(at(24, hour))
    figures.refresh(at(24, 1, 30))
    figures.refresh(at(25, 12))
    assert sum(day.accepted for day in figures.days(None, date(2026, 11, 24), date(2026, 11, 25))) == 3


def test_what_was_counted_stays_when_its_month_is_gone(past):
    past.delivery(at(20, 9))
    past.delivery(at(24, 9))
    figures.refresh(at(24, 10))
    kept = Hour.objects.count()
    Delivery.objects.filter(created_at__lt=at(21, 0)).delete()
    figures.refresh(at(24, 12))
    assert figures.days(id_of("voirie"), date(2026, 11, 20), date(2026, 11, 20))[0].accepted == 1
    assert Hour.objects.count() == kept + 2


def test_a_percentile_is_within_a_fortieth_of_the_exact_one(past):
    chance = random.Random(7)
    took = [chance.lognormvariate(3, 2) + 1 for _ in range(400)]
    for each in took:
        past.delivery(at(24, 9), after=timedelta(milliseconds=each))
    figures.refresh(at(24, 12))
    [day] = figures.days(id_of("voirie"), date(2026, 11, 24), date(2026, 11, 24))
    exact = quantiles(took, n=100, method="inclusive")
    assert day.p50_ms == pytest.approx(exact[49], rel=0.06)
    assert day.p95_ms == pytest.approx(exact[94], rel=0.06)
    assert day.p99_ms == pytest.approx(exact[98], rel=0.10)


def test_the_last_day_is_twenty_four_hours_of_each_application(past):
    moment = now()
    past.delivery(moment - timedelta(hours=25))
    past.delivery(moment - timedelta(minutes=2))
    figures.refresh(moment)
    volumes = figures.last_day(moment)
    assert volumes[id_of("voirie")].accepted == 1
    assert volumes[id_of("gru")].published == 1


def test_a_quiet_hub_reads_the_same_whatever_it_holds(past):
    past.delivery(at(24, 9))
    figures.refresh(at(24, 15))
    with statements() as few:
        figures.refresh(at(24, 15))
    for _ in range(30):
        past.delivery(at(24, 9))
    with statements() as many:
        figures.refresh(at(24, 15))
    assert few() == many()


def test_nothing_accepted_yet_is_no_figure(past):
    assert figures.refresh(at(24, 9)) == 0
    assert figures.days(None, date(2026, 11, 1), date(2026, 11, 30)) == []
    assert figures.last_day() == {}
