"""Dates as people say them, with the full one beside."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from etoile.design import moments

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(moments.timezone, "localdate", lambda: date(2026, 6, 10))
    with timezone.override("Europe/Paris"):
        yield


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "aujourd’hui à 11\u00a0h\u00a000"),
        (datetime(2026, 6, 9, 22, 30, tzinfo=UTC), "aujourd’hui à 0\u00a0h\u00a030"),
        (datetime(2026, 6, 9, 12, 32, tzinfo=UTC), "hier à 14\u00a0h\u00a032"),
        (datetime(2026, 6, 11, 7, 5, tzinfo=UTC), "demain à 9\u00a0h\u00a005"),
        (datetime(2026, 6, 5, 7, 5, tzinfo=UTC), "vendredi à 9\u00a0h\u00a005"),
        (datetime(2026, 6, 3, 7, 5, tzinfo=UTC), "3 juin à 9\u00a0h\u00a005"),
        (datetime(2025, 12, 24, 7, 5, tzinfo=UTC), "24 décembre 2025 à 8\u00a0h\u00a005"),
    ],
)
def test_a_moment_is_said_by_its_nearness_in_the_zone_of_the_town(at, words):
    assert moments.said(at) == words


def test_a_moment_is_said_in_english_too():
    with translation.override("en"):
        assert moments.said(datetime(2026, 6, 9, 12, 32, tzinfo=UTC)) == "yesterday at 14:32"


def test_the_whole_date_stays_for_machines_and_for_who_points_at_it():
    html = moments.written(datetime(2026, 6, 9, 12, 32, 5, tzinfo=UTC))
    assert 'datetime="2026-06-09T14:32:05+02:00"' in html
    assert 'title="mardi 9 juin 2026, 14:32:05"' in html


@pytest.mark.parametrize(
    ("language", "when", "pattern", "words"),
    [
        ("fr", date(2026, 12, 1), "j F Y", "1er décembre 2026"),
        ("fr", date(2026, 12, 1), "l j F", "mardi 1er décembre"),
        ("fr", datetime(2026, 8, 1, 1, 1, tzinfo=UTC), "j F Y, H:i", "1er août 2026 à 1\u00a0h\u00a001"),
        ("fr", date(2026, 12, 11), "j F Y", "11 décembre 2026"),
        ("fr", date(2026, 12, 21), "l j F", "lundi 21 décembre"),
        ("en", date(2026, 12, 1), "j F Y", "1 December 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(language, when, pattern, words):
    with translation.override(language):
        assert moments.spelled(when, pattern) == words
