"""Open or closed, until when, and when again: the week, public holidays, exceptional days, time zones."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from etoile.gru.content.hours import holiday, opening
from etoile.gru.content.parsing import parse

PARIS = ZoneInfo("Europe/Paris")
WEEK = {"monday-friday": ["8:30-12:00", "13:30-17:00"]}


def hours(**more):
    return parse({"places": [{"id": "m", "name": "M", "hours": {**WEEK, **more}}]}).places[0].hours


def at(written):
    return datetime.fromisoformat(written).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "is_open", "until_or_opens"),
    [
        ("2026-12-07T08:29", False, "2026-12-07T08:30"),
        ("2026-12-07T08:30", True, "2026-12-07T12:00"),
        ("2026-12-07T11:59", True, "2026-12-07T12:00"),
        ("2026-12-07T12:00", False, "2026-12-07T13:30"),
        ("2026-12-07T17:00", False, "2026-12-08T08:30"),
        ("2026-12-05T10:00", False, "2026-12-07T08:30"),
        # Friday 25 December is a holiday: from Thursday evening to Monday.
        ("2026-12-24T18:00", False, "2026-12-28T08:30"),
        ("2026-12-25T10:00", False, "2026-12-28T08:30"),
        # The night the clocks go back, and the Monday after.
        ("2026-10-25T02:30", False, "2026-10-26T08:30"),
    ],
)
def test_a_place_is_open_or_says_when_it_opens(now, is_open, until_or_opens):
    found = opening(hours(), at(now))
    assert found.is_open is is_open
    assert (found.until if is_open else found.opens) == at(until_or_opens)


def test_a_closed_holiday_says_which():
    assert str(opening(hours(), at("2026-12-25T10:00")).reason) == "Noël"
    assert opening(hours(open_on_holidays=True), at("2026-12-25T10:00")).is_open


def test_an_exceptional_day_wins_over_the_week_and_over_a_holiday():
    changed = hours(
        exceptions=[
            {"from": "2026-12-24", "until": "2026-12-24", "open": ["9:00-10:00"], "reason": "veille de Noël"},
            {"from": "2026-12-25", "open": ["10:00-11:00"]},
            {"from": "2026-12-28", "until": "2027-01-03", "open": []},
        ]
    )
    assert opening(changed, at("2026-12-24T09:30")).until == at("2026-12-24T10:00")
    assert opening(changed, at("2026-12-25T10:30")).is_open
    assert opening(changed, at("2026-12-26T10:30")).opens == at("2027-01-04T08:30")


def test_a_place_that_never_opens_gives_no_date():
    closed = parse({"places": [{"id": "m", "name": "M", "hours": {"exceptions": [{"from": "2026-01-01"}]}}]})
    assert opening(closed.places[0].hours, at("2026-06-01T10:00")).opens is None


@pytest.mark.parametrize(
    ("day", "insee", "name"),
    [
        (date(2026, 4, 3), "49999", ""),
        (date(2026, 4, 3), "67482", "Vendredi saint"),
        (date(2026, 12, 26), "57463", "Saint-Étienne"),
        (date(2026, 5, 14), "49999", "Ascension"),
        (date(2026, 12, 20), "97411", "Abolition de l’esclavage"),
    ],
)
def test_holidays_are_those_of_the_place(day, insee, name):
    found = str(holiday(day, insee))
    assert bool(found) is bool(name)
    assert found[:7] == name[:7]
