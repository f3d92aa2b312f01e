"""The legal clock, on plain dates: the vectors first, then what must hold whatever the dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.gru.cases.clock import working_days
from etoile.gru.cases.clock.dates import Length, length
from etoile.gru.cases.clock.silence import ACCEPT, REJECT, Missing, Silence, silence

TWO_MONTHS = Length(months=2)
RECEIVED = date(2027, 1, 10)
ASKED = Missing(asked=date(2027, 1, 20), deadline=date(2027, 2, 20), produced=date(2027, 2, 5))
COMPETENT = date(2027, 1, 25)


@pytest.mark.exigence("CRPA-05")
def test_receipts_are_due_within_one_and_ten_working_days_across_christmas():
    received = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert working_days.receipts_due(received, timezone="Europe/Paris") == (date(2026, 12, 28), date(2027, 1, 11))


@pytest.mark.exigence("CRPA-05")
@pytest.mark.parametrize(
    ("insee", "day", "works"),
    [
        ("75056", date(2027, 3, 26), True),  # Good Friday
        ("67482", date(2027, 3, 26), False),
        ("57463", date(2028, 12, 26), False),  # Boxing day in Moselle
        ("97411", date(2027, 12, 20), False),  # abolition of slavery in La Réunion
        ("97209", date(2028, 5, 22), False),  # and in Martinique
        ("2A004", date(2027, 7, 14), False),
        ("2A004", date(2027, 7, 15), True),
        ("", date(2027, 7, 17), False),  # a Saturday
    ],
)
def test_holidays_are_those_of_the_place(insee, day, works):
    assert working_days.is_working(day, working_days.place_of(insee)) is works


@pytest.mark.exigence("CRPA-12", "CRPA-13", "CRPA-14", "CRPA-15")
@pytest.mark.parametrize(
    ("regime", "facts", "expected"),
    [
        (REJECT, {"first": date(2026, 12, 31)}, date(2027, 2, 28)),
        (ACCEPT, {"first": RECEIVED, "missing": [ASKED]}, date(2027, 4, 5)),
        (REJECT, {"first": RECEIVED, "missing": [ASKED]}, date(2027, 3, 26)),
        (REJECT, {"first": RECEIVED, "competent": COMPETENT}, date(2027, 3, 10)),
        (ACCEPT, {"first": RECEIVED, "competent": COMPETENT}, date(2027, 3, 25)),
        (REJECT, {"first": RECEIVED}, date(2027, 3, 10)),
        # Nothing came: refusal waits until the day given and no longer, acceptance waits for ever.
        (REJECT, {"first": RECEIVED, "missing": [Missing(ASKED.asked, ASKED.deadline)]}, date(2027, 4, 10)),
        (ACCEPT, {"first": RECEIVED, "missing": [Missing(ASKED.asked, ASKED.deadline)]}, None),
        # Asked again while the first request stands: the same days are not counted twice.
        (REJECT, {"first": RECEIVED, "missing": [ASKED, Missing(date(2027, 1, 25), date(2027, 2, 1))]},
         date(2027, 3, 26)),
        # Asked once the decision is born: too late.
        (REJECT, {"first": RECEIVED, "missing": [Missing(date(2027, 3, 11), date(2027, 4, 11))]}, date(2027, 3, 10)),
        (ACCEPT, {"first": RECEIVED, "missing": [Missing(date(2027, 3, 11), date(2027, 4, 11))]}, date(2027, 3, 10)),
        ("none", {"first": RECEIVED}, None),
    ],
)  # fmt: skip
def test_the_day_on_which_silence_decides(regime, facts, expected):
    assert silence(regime, TWO_MONTHS, **facts).date == expected


def test_a_delay_that_is_not_set_decides_nothing():
    assert silence(ACCEPT, length(""), first=RECEIVED) == Silence("none", None)
    assert (length("P2M"), length("P1Y6M"), length("P3W"), length("deux mois")) == (
        Length(2),
        Length(18),
        Length(days=21),
        Length(),
    )


_DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 12, 31))
_LENGTHS = st.builds(Length, months=st.integers(1, 12), days=st.integers(0, 30))


@st.composite
def _missing(draw):
    asked = RECEIVED + timedelta(days=draw(st.integers(0, 90)))
    deadline = asked + timedelta(days=draw(st.integers(1, 60)))
    came = draw(st.none() | st.integers(0, 90))
    return Missing(asked, deadline, None if came is None else asked + timedelta(days=came))


@given(_LENGTHS, st.lists(_missing(), max_size=4))
def test_a_missing_document_never_brings_the_decision_closer_nor_suspends_longer_than_the_time_given(length, missing):
    plain = length.after(RECEIVED)
    refusal = silence(REJECT, length, first=RECEIVED, missing=missing)
    assert plain <= refusal.date <= plain + sum(((each.deadline - each.asked) for each in missing), timedelta())
    acceptance = silence(ACCEPT, length, first=RECEIVED, missing=missing)
    assert (acceptance.date is None) == acceptance.waiting
    assert acceptance.date is None or acceptance.date >= plain


@given(_DAYS, st.integers(1, 30), st.sampled_from(["", "6AE", "974"]))
def test_the_last_working_day_works_and_the_count_is_exact(day, count, place):
    last = working_days.after(day, count, place)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert working_days.is_working(last, place)
    assert sum(working_days.is_working(each, place) for each in between) == count
