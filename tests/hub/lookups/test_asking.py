"""A question through the hub: who answers, in what order, and what is said when nobody does."""

import pytest
from django.db import connection, transaction

from etoile.hub.lookups import services
from etoile.hub.registry import calling
from etoile.hub.registry.models import Lookup, LookupProvider
from etoile.runtime.background import BusyError
from etoile.sdk import DoorError, LookupOutcome
from tests.hub.conftest import count, token
from tests.hub.lookups.conftest import NAME, never

FOUND = LookupOutcome.found({"QF": "850", "adresse": "12 rue des Lilas"})
DOWN = LookupOutcome.unavailable("La CAF ne répond pas.")


def test_the_first_provider_that_knows_answers_in_the_words_of_the_lookup(ask, said) -> None:
    said.words = {"caf": FOUND}
    answer = ask()
    told = answer.json()
    assert (told["result"], told["data"], told["provider"], told["freshness"]) == (
        *("found", {"valeur": 850}, "caf", "fresh"),
    )
    assert told["at"]
    assert answer["Cache-Control"] == "no-store"
    assert said.asked == ["caf"]
    assert said.contexts[0].secrets["key"]


@pytest.mark.parametrize("failure", [DOWN, RuntimeError(NAME), DoorError("connection", "Rien."), never])
def test_the_next_one_is_asked_when_a_provider_fails_however_it_fails(ask, said, failure, capsys) -> None:
    said.words = {"caf": failure, "msa": LookupOutcome.found({"valeur": 620})}
    told = ask().json()
    assert (told["result"], told["data"], told["provider"]) == ("found", {"valeur": 620}, "msa")
    assert NAME not in capsys.readouterr().err


def test_an_answer_that_is_not_what_was_promised_is_no_answer(ask, said, journal) -> None:
    said.words = {"caf": LookupOutcome.found({"QF": "beaucoup"}), "msa": LookupOutcome.found({"valeur": 1, "nom": "x"})}
    told = ask().json()
    assert (told["result"], told["code"]) == ("unavailable", "provider-misconfigured")
    assert {each["provider"] for each in journal("lookup.asked")[0]["tries"]} == {"caf", "msa"}


def test_when_nobody_answers_the_asker_is_told_in_words_and_by_a_code_what_to_do_instead(ask, said) -> None:
    said.words = {"caf": DOWN, "msa": DOWN}
    answer = ask()
    told = answer.json()
    assert (answer.status_code, told["result"], told["code"]) == (200, "unavailable", "provider-down")
    assert told["data"] is None
    assert told["instead"] == "l’attestation de quotient familial"
    assert "Demandez à la place : l’attestation de quotient familial." in told["message"]


def test_nothing_found_is_an_answer_that_ends_the_question_unless_the_next_may_know(ask, said) -> None:
    said.words = {"caf": LookupOutcome.not_found(), "msa": LookupOutcome.found({"valeur": 620})}
    assert ask().json()["result"] == "not_found"
    assert said.asked == ["caf"]


def test_nothing_found_here_and_nobody_there_is_not_nothing_found(ask, said) -> None:
    LookupProvider.objects.filter(slug="caf").update(absent="next")
    said.words = {"caf": LookupOutcome.not_found(), "msa": DOWN}
    assert ask().json()["result"] == "unavailable"
    said.words["msa"] = LookupOutcome.not_found()
    assert ask().json()["result"] == "not_found"
    said.words["msa"] = LookupOutcome.found({"valeur": 620})
    assert ask().json()["provider"] == "msa"


def test_a_refusal_of_the_provider_is_told_in_its_words_and_ends_the_question(ask, said) -> None:
    said.words = {"caf": LookupOutcome.refused("La date de naissance manque.")}
    told = ask().json()
    assert (told["result"], told["code"]) == ("refused", "provider-refused")
    assert told["message"].startswith("La date de naissance manque.")
    assert said.asked == ["caf"]


def test_a_provider_that_never_answers_holds_neither_connection_nor_thread(emptied, ask, said) -> None:
    held: list[object] = []

    async def watched(query, context):
        held.append(connection.connection)
        return await never(query, context)

    said.words = {"caf": watched, "msa": watched}
    told = ask().json()
    assert (told["result"], told["code"]) == ("unavailable", "provider-timeout")
    assert held == [None, None]
    # The places of those who wait are given back: as many questions as there are places are asked again.
    said.words = {"caf": FOUND}
    assert [ask({"nom": str(number)}).status_code for number in range(4)] == [200] * 4


def test_when_too_many_wait_the_next_one_is_told_to_come_back(ask, said, monkeypatch) -> None:
    def full(work, *, seconds):
        raise BusyError("connectors")

    monkeypatch.setattr(calling, "wait", full)
    answer = ask()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "urn:etoile:problem:busy"


def test_a_question_is_never_asked_inside_a_transaction(emptied, ask, said) -> None:
    with transaction.atomic(), pytest.raises(calling.TransactionOpenError):
        ask()


def test_an_application_asks_only_what_its_contract_says_for_the_purposes_it_says(ask, said, journal) -> None:
    voirie = ask(bearer=token("voirie", "lookups"))
    assert (voirie.status_code, voirie.json()["type"]) == (403, "urn:etoile:problem:lookup-not-allowed")
    other = ask(purpose="creche")
    assert (other.status_code, other.json()["type"]) == (403, "urn:etoile:problem:purpose-not-allowed")
    assert [(each["actor"], each["why"]) for each in journal("lookup.not_allowed")] == [
        ("gru", "purpose-not-allowed"),
        ("voirie", "lookup-not-allowed"),
    ]
    assert ask(bearer=token("gru", "events:read")).status_code == 403
    assert said.asked == []


@pytest.mark.parametrize(
    "query", [{}, {"nom": ""}, {"nom": 3}, {"nom": "x", "autre": NAME}, {"nom": "x" * 20_000}], ids=range(5)
)
def test_a_question_that_does_not_follow_the_schema_is_refused_at_its_place_without_repeating_it(
    ask, said, query
) -> None:
    answer = ask(query)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:etoile:problem:invalid-query")
    assert all(each["pointer"].startswith("#/query") for each in answer.json().get("errors", []))
    assert NAME not in answer.content.decode()
    assert said.asked == []


def test_purpose_and_procedure_are_names_not_sentences(ask, said) -> None:
    assert ask(procedure="Cantine de Mme Martin").status_code == 422
    assert ask(purpose="").status_code == 422


def test_a_lookup_switched_off_is_not_there(ask, said) -> None:
    Lookup.objects.update(active=False)
    assert ask().status_code == 404


def test_the_journal_says_who_why_by_whom_and_how_long_and_nothing_of_the_question_nor_of_the_answer(
    ask, said, journal
) -> None:
    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 77_777})}
    ask()
    (entry,) = journal("lookup.asked")
    assert (entry["actor"], entry["application"]) == ("gru", "msa")
    kept = {name: entry[name] for name in ("lookup", "procedure", "purpose", "provider", "result", "freshness", "code")}
    assert kept == {
        "lookup": "quotient-familial",
        "procedure": "cantine",
        "purpose": "tarif-cantine",
        "provider": "msa",
        "result": "found",
        "freshness": "fresh",
        "code": None,
    }
    assert entry["milliseconds"] >= 0
    assert [(each["provider"], each["result"]) for each in entry["tries"]] == [("caf", "unavailable"), ("msa", "found")]
    assert NAME not in str(entry)
    assert "77777" not in str(entry).replace("_", "")


def test_no_answer_leaves_when_its_line_cannot_be_written(ask, said, monkeypatch) -> None:
    said.words = {"caf": FOUND}

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(services.journal, "record", broken)
    with pytest.raises(RuntimeError):
        ask()
    assert count("lookups_kept") == 0


def test_an_application_reads_what_it_may_ask(said, client) -> None:
    def offered(client_id: str):
        headers = {"Authorization": f"Bearer {token(client_id, 'lookups')}"}
        return client.get("/v1/lookups", headers=headers).json()["items"]

    quotient = {each["name"]: each for each in offered("gru")}["quotient-familial"]
    assert quotient["purposes"] == {"tarif-cantine": "Calculer le tarif de la cantine"}
    assert quotient["query"]["required"] == ["nom"]
    assert offered("voirie") == []


def test_a_question_costs_few_statements_and_fewer_when_its_answer_is_kept(ask, said, django_assert_num_queries):
    said.words = {"caf": FOUND}
    bearer = token("gru", "lookups")
    ask({"nom": "a"}, bearer=bearer)
    # Who asks, the answer kept, who fails; then in one transaction the journal and the answer to keep.
    with django_assert_num_queries(7):
        ask({"nom": "b"}, bearer=bearer)
    with django_assert_num_queries(3):
        ask({"nom": "b"}, bearer=bearer)
