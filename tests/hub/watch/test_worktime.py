"""Working time leaves out nights, week-ends and the public holidays of France."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from etoile.hub.watch import worktime

PARIS = timezone.get_default_timezone()
HOUR = 3600.0
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(*values):
    return datetime(*values, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(2026, 11, 24, 9), at(2026, 11, 24, 11), 2),
        (at(2026, 11, 24, 17), at(2026, 11, 25, 9), 2),
        (at(2026, 11, 27, 18), at(2026, 11, 30, 8), 0),
        (at(2026, 11, 27, 17), at(2026, 11, 30, 9), 2),
        # Armistice Day, a Wednesday.
        (at(2026, 11, 10, 17), at(2026, 11, 12, 9), 2),
        (at(2026, 12, 24, 8), at(2026, 12, 28, 8), 10),
        # A year's end, and the night of a change of hour.
        (at(2026, 12, 31, 17), at(2027, 1, 4, 9), 2),
        (at(2026, 10, 23, 17), at(2026, 10, 26, 9), 2),
        (at(2026, 11, 25, 9), at(2026, 11, 24, 9), 0),
    ],
)
def test_only_working_hours_count(start, end, hours):
    assert worktime.between(start, end) == hours * HOUR


@given(moments, moments, moments)
def test_two_stretches_in_a_row_are_as_long_as_the_whole(one, two, three):
    first, middle, last = sorted((one, two, three))
    whole = worktime.between(first, last)
    assert worktime.between(first, middle) + worktime.between(middle, last) == pytest.approx(whole, abs=1e-3)
    assert 0 <= whole <= (last - first).total_seconds() + 1e-3


@given(moments, st.floats(1, 400 * HOUR))
def test_the_moment_before_is_that_far(end, seconds):
    start = worktime.before(end, seconds)
    assert worktime.between(start, end) == pytest.approx(seconds, abs=1e-3)


def test_a_year_has_as_many_days_as_the_calendar_says():
    start, days = at(2026, 1, 1), [date(2026, 1, 1) + timedelta(days=each) for each in range(365)]
    worked = sum(worktime.works(day) for day in days)
    assert worktime.between(start, at(2027, 1, 1)) == worked * worktime.DAY
    assert worked == 252
