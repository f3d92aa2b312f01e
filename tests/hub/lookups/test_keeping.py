"""Answers given again: for how long, when nobody answers, and what the table does not say."""

import pytest
from django.db import connection
from django.test import override_settings

from etoile.hub.lookups import keeping
from etoile.hub.registry import calling
from etoile.hub.registry.models import LookupProvider
from etoile.hub.watch.duties import DUTIES
from etoile.runtime.background import BusyError
from etoile.sdk import LookupOutcome
from tests.hub.conftest import count
from tests.hub.lookups.conftest import NAME

FOUND = LookupOutcome.found({"QF": "77777"})
DOWN = LookupOutcome.unavailable("La CAF ne répond pas.")


def older(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE lookups_kept SET fresh_until = fresh_until - make_interval(secs => %s),"
            " stale_until = stale_until - make_interval(secs => %s)",
            [seconds, seconds],
        )


@pytest.fixture
def kept(ask, said):
    said.words = {"caf": FOUND, "msa": DOWN}
    first = ask().json()
    said.words = {"caf": DOWN, "msa": DOWN}
    said.asked.clear()
    return first


def test_an_answer_is_given_again_without_asking_and_says_of_when_it_is(ask, said, kept, journal) -> None:
    again = ask().json()
    assert (again["data"], again["at"], again["provider"]) == (kept["data"], kept["at"], "caf")
    assert (again["freshness"], said.asked) == ("cached", [])
    assert journal("lookup.asked")[0]["freshness"] == "cached"


def test_another_question_is_asked(ask, said, kept) -> None:
    assert ask({"nom": "AUTRE"}).json()["result"] == "unavailable"
    assert said.asked == ["caf", "msa"]


def test_an_old_answer_is_given_only_when_nobody_answers(ask, said, kept) -> None:
    older(3601)
    stale = ask().json()
    assert (stale["result"], stale["data"], stale["freshness"]) == ("found", kept["data"], "stale")
    said.words = {"caf": LookupOutcome.found({"QF": "1"})}
    fresh = ask().json()
    assert (fresh["data"], fresh["freshness"]) == ({"valeur": 1}, "fresh")


def test_an_old_answer_is_given_when_too_many_are_waiting(ask, kept, monkeypatch) -> None:
    older(3601)

    def full(work, *, seconds):
        raise BusyError("connectors")

    monkeypatch.setattr(calling, "wait", full)
    assert ask().json()["freshness"] == "stale"


def test_an_answer_that_is_too_old_is_never_given_and_the_daily_purge_deletes_it(ask, kept) -> None:
    older(3601 + 86400)
    assert ask().json()["result"] == "unavailable"
    purge = next(duty for duty in DUTIES if duty.name == "lookups")
    assert purge.work(None) == "1 rows"
    assert count("lookups_kept") == 0


def test_an_absence_and_a_lookup_that_keeps_nothing_leave_nothing(ask, said) -> None:
    said.words = {"caf": LookupOutcome.not_found()}
    ask()
    said.words = {"caf": LookupOutcome.found({"nom": "Jules Ferry"})}
    assert ask({}, "ecoles", purpose="inscription").json()["freshness"] == "fresh"
    assert count("lookups_kept") == 0


def test_a_change_of_provider_or_of_settings_forgets_what_was_kept(ask, said, kept) -> None:
    LookupProvider.objects.filter(slug="msa").update(configuration={})
    assert ask().json()["result"] == "unavailable"


def test_the_table_says_neither_the_question_nor_the_answer(kept) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, sealed FROM lookups_kept")
        key, sealed = cursor.fetchone()
    assert NAME not in sealed
    assert "77777" not in sealed
    assert NAME.encode() not in bytes(key)


def test_the_name_of_a_question_cannot_be_guessed_without_the_key_of_the_hub(ask, kept) -> None:
    with override_settings(HUB_ENCRYPTION_KEYS=["another key, of the same length as the true one"]):
        assert ask().json()["result"] == "unavailable"


def test_an_answer_sealed_by_a_key_that_is_gone_is_asked_again(ask, said, kept, monkeypatch) -> None:
    def gone(sealed):
        raise keeping.vault.UndecipherableError

    monkeypatch.setattr(keeping.vault, "decrypt", gone)
    said.words = {"caf": LookupOutcome.found({"QF": "2"})}
    assert ask().json()["data"] == {"valeur": 2}
