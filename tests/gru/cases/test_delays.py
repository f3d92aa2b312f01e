"""The usual delay is measured, on enough recent answers, and counts the days people count."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from etoile.gru.cases.delays import ENOUGH, most_asked, usual_delay
from etoile.gru.cases.models import Case

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 6, 1, 12, tzinfo=PARIS)


def answered(town, days, *, state="accepted"):
    """One request answered `days` days after it was sent, two months ago."""
    sent = NOON - timedelta(days=60)
    with time_machine.travel(sent):
        case = town.submit()
    Case.objects.filter(pk=case.pk).update(state=state, decided_at=sent + timedelta(days=days))


def measured(town):
    return usual_delay(town.fresh_version().procedure, timezone_name="Europe/Paris")


@time_machine.travel(NOON)
def test_under_twenty_answers_nothing_is_said(town):
    for _ in range(ENOUGH - 1):
        answered(town, 3)
    assert measured(town) is None
    answered(town, 3)
    assert measured(town).usual == 3


@time_machine.travel(NOON)
def test_half_and_nine_in_ten_are_told_and_withdrawn_requests_do_not_count(town):
    for days in range(1, 21):
        answered(town, days)
    answered(town, 50, state="withdrawn")
    procedure = town.fresh_version().procedure
    with CaptureQueriesContext(connection) as captured:
        found = usual_delay(procedure, timezone_name="Europe/Paris")
    assert (found.usual, found.most, found.cases) == (10, 18, 20)
    assert len(captured) == 1


@time_machine.travel(NOON)
def test_answers_older_than_a_year_are_forgotten(town):
    for _ in range(ENOUGH):
        answered(town, 3)
    Case.objects.update(decided_at=NOON - timedelta(days=366))
    assert measured(town) is None


def test_what_is_asked_most_is_counted_in_one_statement(town):
    town.submit()
    town.submit()
    with CaptureQueriesContext(connection) as captured:
        assert most_asked(town.authority) == {"acte": 2}
    assert len(captured) == 1
