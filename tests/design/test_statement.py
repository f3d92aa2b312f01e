"""The accessibility statement: what may be said today, and what may not be published."""

from datetime import date

import pytest

from etoile.design.statement.reading import NotPublishable, read
from etoile.design.statement.record import Audit, Page, Record
from etoile.design.statement.standing import judged, last_day, months_after, standing
from etoile.design.statement.view import view

TODAY = date(2026, 6, 1)
AUDIT = {
    "day": "2026-01-10",
    "auditor": "Cabinet Exemple",
    "conforming": 60,
    "failing": 20,
    "not_applicable": 26,
    "pages": [{"title": "Accueil", "address": "/"}],
}
RECORD = {
    "name": "Portail",
    "address": "demarches.exemple.fr",
    "declared_on": "2026-02-01",
    "technologies": ["HTML"],
    "user_agents": ["Firefox 140"],
    "assistive_technologies": ["NVDA 2025"],
    "tools": ["axe-core"],
    "non_conformities": ["Le plan n’a pas d’équivalent."],
    "contact": {"email": "accessibilite@exemple.fr"},
    "audit": AUDIT,
}


def without(name):
    return {key: value for key, value in RECORD.items() if key != name}


def problems(raw, today=TODAY):
    with pytest.raises(NotPublishable) as refusal:
        read(raw, today=today)
    return refusal.value.problems


@pytest.mark.exigence("A11Y-01")
@pytest.mark.parametrize(
    ("conforming", "failing", "words"),
    [
        (0, 0, "non conforme"),
        (499, 501, "non conforme"),
        (50, 50, "partiellement conforme"),
        (99, 1, "partiellement conforme"),
        (9999, 1, "partiellement conforme"),
        (100, 0, "totalement conforme"),
    ],
)
def test_the_mention_follows_the_share_of_criteria_met(conforming, failing, words):
    found = judged(conforming, failing, date(2029, 1, 1), TODAY)
    assert str(found.words) == words
    assert str(found.mention) == f"Accessibilité : {words}"


@pytest.mark.exigence("A11Y-01")
def test_without_an_audit_the_only_mention_is_not_compliant():
    assert standing(None, TODAY).level == "none"
    assert standing(read(without("audit"), today=TODAY), TODAY).level == "none"


@pytest.mark.exigence("A11Y-04")
@pytest.mark.parametrize(
    ("day", "level", "warned", "expired"),
    [
        (date(2028, 10, 11), "partial", False, False),
        (date(2028, 10, 12), "partial", True, False),
        (date(2029, 1, 10), "partial", True, False),
        (date(2029, 1, 11), "none", True, True),
    ],
)
def test_an_audit_warns_ninety_days_before_its_third_year_ends_then_stops_counting(day, level, warned, expired):
    found = standing(read(RECORD, today=TODAY), day)
    assert (found.level, found.warned, found.expired) == (level, warned, expired)


@pytest.mark.exigence("A11Y-04")
def test_a_new_reference_shortens_the_life_of_an_older_audit_to_eighteen_months():
    record = read(RECORD | {"reference_changed_on": "2026-03-31"}, today=TODAY)
    assert last_day(record) == date(2027, 9, 30)
    older = read(RECORD | {"reference_changed_on": "2025-12-01"}, today=TODAY)
    assert last_day(older) == date(2029, 1, 10)


def test_three_years_after_a_leap_day_is_the_last_day_of_february():
    assert months_after(date(2024, 2, 29), 36) == date(2027, 2, 28)


@pytest.mark.exigence("A11Y-07")
def test_the_two_rates_are_those_of_the_criteria_and_the_mean_of_the_pages():
    pages = (Page("Accueil", "/", 30, 10), Page("Aide", "/aide", 20, 20))
    audit = Audit(TODAY, "Cabinet", 60, 20, 26, pages)
    assert audit.rate == 75
    assert audit.mean_rate == 62.5
    unknown = Audit(TODAY, "Cabinet", 60, 20, 26, (*pages, Page("Contact", "/contact")))
    assert unknown.mean_rate is None


def test_a_rate_is_cut_never_rounded_up_to_a_hundred():
    record = Record("n", "a", TODAY, audit=Audit(TODAY, "Cabinet", 9999, 1, 0))
    assert view(record, TODAY).rate == "99,9"


@pytest.mark.exigence("A11Y-03")
@pytest.mark.parametrize(
    "name",
    ["name", "address", "declared_on", "technologies", "user_agents", "assistive_technologies", "tools"],
)
def test_a_missing_part_refuses_the_publication_and_is_named(name):
    assert problems(without(name)) == [f"{name} : à remplir, le format obligatoire le demande"]


@pytest.mark.exigence("A11Y-03")
def test_everything_missing_is_listed_at_once():
    assert {line.partition(" : ")[0] for line in problems({"audit": {"day": "2026-01-10"}})} == {
        "name",
        "address",
        "declared_on",
        "technologies",
        "contact.email",
        "user_agents",
        "assistive_technologies",
        "tools",
        "audit.auditor",
        "audit.conforming",
        "audit.failing",
        "audit.not_applicable",
        "audit.pages",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"audit": AUDIT | {"failing": 19}}, "font 105"),
        ({"audit": AUDIT | {"day": "2026-06-02"}}, "audit.day : une date passée"),
        ({"audit": AUDIT | {"day": "hier"}}, "audit.day : une date passée"),
        ({"audit": AUDIT | {"conforming": True}}, "audit.conforming : un nombre"),
        ({"non_conformities": []}, "20 critères ne sont pas respectés"),
        ({"tools": "axe"}, "tools : une liste est attendue"),
        ({"contact": "moi"}, "contact : un groupe de champs"),
        ({"contacts": {}}, "contacts : champ inconnu"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change, said):
    assert any(said in line for line in problems(RECORD | change))


@pytest.mark.exigence("A11Y-05")
@pytest.mark.parametrize(
    ("name", "until", "accepted"),
    [
        ("scheme", "2028-12-31", True),
        ("scheme", "2029-01-01", False),
        ("scheme", "2025-12-31", False),
        ("year_plan", "2026-12-31", True),
        ("year_plan", "2027-01-01", False),
    ],
)
def test_a_scheme_lasts_three_years_at_most_and_a_plan_one(name, until, accepted):
    raw = RECORD | {name: {"address": "/schema", "from": "2026-01-01", "until": until}}
    if accepted:
        assert getattr(read(raw, today=TODAY), name).last == date.fromisoformat(until)
    else:
        assert problems(raw)[0].startswith(f"{name} : la période")


def test_anything_that_is_not_a_record_is_refused_not_broken():
    for raw in (None, [], "texte", 3):
        assert problems(raw)
