"""Providers that do not answer are not waited for: the pause, who tries again, and what a person may do."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from etoile.hub.lookups import failing
from etoile.hub.registry import directory
from etoile.hub.registry.models import LookupProvider
from etoile.hub.watch import causes, words
from etoile.sdk import LookupOutcome
from tests.hub.lookups.conftest import never

FOUND = LookupOutcome.found({"QF": "850"})
DOWN = LookupOutcome.unavailable("La CAF ne répond pas.")


def rows() -> dict[str, tuple[int, int, bool]]:
    """By provider: failures, openings, whether it is paused now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.slug, failures, openings, coalesce(paused_until > now(), false)"
            " FROM lookups_failing JOIN registry_lookupprovider p ON p.id = provider_id"
        )
        return {slug: (failures, openings, paused) for slug, failures, openings, paused in cursor.fetchall()}


def pause_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lookups_failing SET paused_until = now() - interval '1 s' WHERE openings > 0")


def pause_length() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round(extract(epoch FROM paused_until - now())) FROM lookups_failing"
            " JOIN registry_lookupprovider p ON p.id = provider_id WHERE p.slug = 'caf'"
        )
        return float(cursor.fetchone()[0])


@pytest.fixture
def paused(ask, said) -> Callable[..., object]:
    """The CAF has failed twice in a row: nobody waits for it."""
    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 620})}
    for number in range(2):
        ask({"nom": f"n{number}"})
    said.asked.clear()
    return ask


def test_after_some_failures_in_a_row_a_provider_is_not_asked_any_more(journal, paused, said) -> None:
    assert rows() == {"caf": (2, 1, True)}
    assert paused({"nom": "autre"}).json()["provider"] == "msa"
    assert said.asked == ["msa"]
    (entry,) = journal("lookup.paused")
    assert (entry["provider"], entry["application"]) == ("caf", "caf")


def test_when_all_are_paused_nobody_waits_at_all(paused, said) -> None:
    said.words = {"caf": DOWN, "msa": never}
    for number in range(2):
        paused({"nom": f"m{number}"})
    said.asked.clear()
    told = paused({"nom": "autre"}).json()
    assert (told["result"], told["code"]) == ("unavailable", "provider-paused")
    assert said.asked == []


def test_once_the_pause_is_over_one_question_tries_and_an_answer_ends_it(paused, said, journal) -> None:
    pause_ends()
    said.words["caf"] = FOUND
    assert paused({"nom": "autre"}).json()["provider"] == "caf"
    assert rows() == {}
    assert journal("lookup.resumed")[0]["actor"] == "hub"


def test_while_one_question_tries_the_others_do_not_wait_for_it(paused, said) -> None:
    pause_ends()
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        view = snapshot.lookups["quotient-familial"]
        first = failing.standing(cursor, view, snapshot.version)
        second = failing.standing(cursor, view, snapshot.version)
    assert (len(first.probing), len(first.paused)) == (1, 0)
    assert (len(second.probing), len(second.paused)) == (0, 1)


def test_each_failed_try_doubles_the_pause_up_to_the_longest(paused) -> None:
    lengths = [pause_length()]
    for number in range(3):
        pause_ends()
        paused({"nom": f"p{number}"})
        lengths.append(pause_length())
    assert lengths == [30, 60, 120, 120]


def test_a_provider_that_asks_for_time_gets_it_at_once(ask, said) -> None:
    busy = LookupOutcome.unavailable("Trop de demandes.", retry_after=3600, http_status=429)
    said.words = {"caf": busy, "msa": LookupOutcome.found({"valeur": 1})}
    ask()
    assert (rows()["caf"], pause_length()) == ((1, 1, True), 3600)


def test_a_provider_that_does_not_know_us_is_not_asked_twice_and_is_asked_again_once_the_secret_changes(
    ask, said
) -> None:
    refusing = LookupOutcome.unavailable("Clé refusée.", misconfigured=True, http_status=401)
    said.words = {"caf": refusing, "msa": LookupOutcome.found({"valeur": 1})}
    ask()
    assert rows()["caf"] == (1, 1, True)
    provider = LookupProvider.objects.get(lookup__name="quotient-familial", slug="caf")
    provider.secrets = {"key": "another"}
    provider.save()
    said.words["caf"] = FOUND
    assert ask({"nom": "autre"}).json()["provider"] == "caf"


def test_nothing_found_and_refusals_are_answers_of_a_provider_that_is_well(ask, said) -> None:
    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 1})}
    ask({"nom": "a"})
    said.words["caf"] = LookupOutcome.refused("Non.")
    ask({"nom": "b"})
    assert rows() == {}


def test_a_late_failure_does_not_lengthen_a_pause(paused, said) -> None:
    with connection.cursor() as cursor:
        view = directory.current(cursor).lookups["quotient-familial"]
        late = failing.Try(view.providers[0], DOWN)
        failing.settle(cursor, view, [late], failing.Standing(), 0)
    assert rows()["caf"] == (3, 1, True)
    assert pause_length() == 30


def test_a_person_may_have_it_asked_again_with_a_reason_in_the_journal(paused, journal) -> None:
    with connection.cursor() as cursor:
        view = directory.current(cursor).lookups["quotient-familial"]
    assert failing.resume(view, view.providers[0], actor="ada@ville.fr", reason="Réparé")
    assert not failing.resume(view, view.providers[0], actor="ada@ville.fr", reason="Réparé")
    assert (journal("lookup.resumed")[0]["actor"], journal("lookup.resumed")[0]["reason"]) == ("ada@ville.fr", "Réparé")


def test_a_lookup_that_nobody_answers_is_an_alarm_and_one_that_somebody_answers_is_not(paused, said) -> None:
    def found() -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            snapshot = directory.current(cursor)
            return [(each.key, each.detail["of"]) for each in lookups.look(cursor, snapshot, datetime.now(UTC))]

    lookups = next(each for each in causes.CHECKS if each.name == "lookups")
    assert found() == []
    said.words["msa"] = LookupOutcome.unavailable("La MSA ne répond pas.")
    paused({"nom": "x"})
    assert found() == []
    paused({"nom": "y"})
    assert found() == [("lookup:quotient-familial", "unavailable")]
    facts = {"lookup": "quotient-familial", "name": "Quotient familial", "of": "unavailable"}
    sentences = words.say("lookup", facts | {"since": "2026-11-28T08:00:00+00:00"}, 2, datetime.now(UTC))
    assert "« Quotient familial »" in sentences.what
    assert "justificatif" in sentences.todo
