"""States: one function, one version, one history row, one event; the law's mentions where it wants them."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from tests.gru.conftest import make_town

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.cases import actors, queries, services
from etoile.gru.cases.errors import CaseError, Incomplete, StaleCase, TransitionRefused
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case, DocumentRequest, History
from etoile.gru.cases.moves import locked, move
from etoile.gru.documents.models import Document
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

SOON = timezone.localdate() + timedelta(days=30)
ITEMS = [{"name": "Justificatif de domicile"}, {"name": "Acte étranger", "to_translate": True}]


def told(case) -> list[str]:
    return list(Notice.objects.filter(case_id=case.pk).order_by("created_at").values_list("template", flat=True))


def paper(town, case, name="preuve.pdf") -> Document:
    return Document.objects.create(
        authority=town.authority, holder=case.pk, field="piece", name=name, media_type="application/pdf", size=10,
        sha256="0" * 64,
    )  # fmt: skip


def test_an_agent_takes_up_asks_gets_and_decides_and_each_step_is_told_and_published(town):
    case = town.submit()
    services.start(case.pk, town.agent, expected_version=1)
    request = services.ask_document(case.pk, town.agent, items=ITEMS, deadline=SOON)
    assert queries.tracking(town.case(case).tracking_key).word.code == "to_complete"
    services.provide_document(case.pk, [paper(town, case)], actor=actors.person(), request_id=request.pk)
    assert town.case(case).substate == ""
    services.decide(case.pk, town.agent, outcome="accepted")
    assert [kind for kind, _sequence in town.published(case)] == [
        "case.submitted.v1",
        "case.status_changed.v1",
        "case.status_changed.v1",
        "case.status_changed.v1",
        "case.document_added.v1",
        "case.status_changed.v1",
        "case.decided.v1",
    ]
    assert [sequence for _kind, sequence in town.published(case)] == list(range(1, 8))
    assert told(case) == ["registration_receipt", "status_changed", "document_asked", "document_received", "decision"]
    assert queries.chain_is_whole(town.case(case))
    for row in OutgoingEvent.objects.all():
        assert violations(Event.from_json(row.body.encode())) == [], row.type


def test_the_letter_asking_for_documents_lists_them_dates_them_and_says_the_effect(town):
    case = town.submit()
    request = services.ask_document(case.pk, town.agent, items=ITEMS, deadline=SOON, comment="Merci.")
    for words in (
        "Justificatif de domicile (indispensable)",
        "avec sa traduction",
        "suspendu",
        "Nadia Leroy",
        "Merci.",
    ):
        assert words in request.wording


def test_a_document_that_is_not_indispensable_suspends_nothing(town):
    case = town.submit()
    items = [{"name": "Photo", "indispensable": False}]
    assert "ne suspend pas" in services.ask_document(case.pk, town.agent, items=items, deadline=SOON).wording


@pytest.mark.parametrize(
    ("items", "deadline"), [([], SOON), ([{"name": " "}], SOON), (ITEMS, timezone.localdate() - timedelta(days=1))]
)
def test_a_request_for_documents_without_list_or_future_date_is_refused(town, items, deadline):
    case = town.submit()
    with pytest.raises(Incomplete):
        services.ask_document(case.pk, town.agent, items=items, deadline=deadline)
    assert town.case(case).version == 1


def test_the_case_waits_until_every_request_is_answered(town):
    case = town.submit()
    first = services.ask_document(case.pk, town.agent, items=ITEMS, deadline=SOON)
    second = services.ask_document(case.pk, town.agent, items=ITEMS, deadline=SOON)
    services.provide_document(case.pk, [paper(town, case)], actor=actors.person(), request_id=first.pk)
    assert town.case(case).substate == "documents_asked"
    services.provide_document(case.pk, [paper(town, case)], actor=actors.person(), request_id=second.pk)
    assert town.case(case).substate == ""
    assert not DocumentRequest.objects.filter(state="open").exists()


def test_a_document_of_another_case_is_refused(town):
    case, other = town.submit(), town.submit()
    with pytest.raises(CaseError):
        services.provide_document(case.pk, [paper(town, other)], actor=actors.person())


def test_a_file_does_not_answer_a_request_for_corrections(town):
    case = town.submit()
    items = [{"name": "Motif", "field": "motif", "fault": "incorrect", "sentence": "Lequel ?"}]
    asked = services.ask_document(case.pk, town.agent, items=items, deadline=SOON)
    with pytest.raises(CaseError):
        services.provide_document(case.pk, [paper(town, case)], actor=actors.person(), request_id=asked.pk)


def test_a_refusal_needs_its_reasons_and_prints_the_ways_of_recourse(town):
    case = town.submit()
    with pytest.raises(TransitionRefused, match="motif"):
        services.decide(case.pk, town.agent, outcome="refused")
    assert town.case(case).state == "submitted"
    decision = services.decide(case.pk, town.agent, outcome="refused", reasons="Article 3 du règlement.")
    for words in ("Article 3", "deux mois", "Nadia Leroy, Officière d'état civil", "Service de l'état civil"):
        assert words in decision.text


def test_an_account_without_name_or_capacity_cannot_decide(town):
    case = town.submit()
    town.agent.capacity = ""
    town.agent.save()
    with pytest.raises(Incomplete, match="qualité"):
        services.decide(case.pk, town.agent, outcome="accepted")
    assert town.published(case) == [("case.submitted.v1", 1)]


@pytest.mark.parametrize("verb", ["start", "accept", "withdraw"])
def test_a_final_case_moves_no_more_until_it_is_reopened(town, verb):
    case = town.submit()
    services.decide(case.pk, town.agent, outcome="closed", reasons="Doublon.")
    with pytest.raises(TransitionRefused, match="classée"), transaction.atomic():
        move(locked(case.pk), verb, actors.agent(town.agent))
    services.reopen(case.pk, town.agent, reason="Erreur.")
    assert (town.case(case).state, town.case(case).decided_at) == ("in_progress", None)
    assert queries.chain_is_whole(town.case(case))


def test_a_person_may_withdraw_and_may_not_decide(town):
    case = town.submit()
    with pytest.raises(TransitionRefused), transaction.atomic():
        move(locked(case.pk), "accept", actors.person())
    services.withdraw(case.pk, actors.person("Camille Martin"), reason="Plus besoin.")
    assert town.published(case)[1:] == [("case.status_changed.v1", 2), ("case.withdrawn.v1", 3)]


def test_a_screen_read_before_another_agents_decision_is_stale(town):
    case = town.submit()
    services.start(case.pk, town.agent, expected_version=1)
    with pytest.raises(StaleCase):
        services.decide(case.pk, town.agent, outcome="accepted", expected_version=1)


@pytest.mark.exigence("CRPA-09")
def test_the_history_cannot_be_rewritten_nor_the_date_of_receipt(town):
    case = town.submit()
    row = History.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        History.objects.filter(pk=row.pk).update(reason="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(submitted_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.update(context={})


def test_a_history_row_slipped_in_breaks_the_chain(town):
    case = town.case(town.submit())
    History.objects.create(
        case=case, number=2, at=timezone.now(), verb="start", actor_kind="agent", actor="?", previous_hash=b"", hash=b""
    )
    assert not queries.chain_is_whole(case)


@pytest.mark.django_db(transaction=True)
def test_a_command_names_the_cases_whose_history_is_not_as_it_was_written(town, monkeypatch, capsys):
    monkeypatch.setattr(queries, "SLICE", 1)
    sound, altered = town.submit(), town.submit()
    call_command("gru_history")
    assert capsys.readouterr().out == "2 cases, each with its history whole.\n"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_history DISABLE TRIGGER USER")
        cursor.execute("UPDATE cases_history SET actor = 'autre' WHERE case_id = %s", [altered.pk])
        cursor.execute("ALTER TABLE cases_history ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="1 of 2 cases"):
        call_command("gru_history")
    said = capsys.readouterr().out
    assert altered.reference in said
    assert sound.reference not in said


def test_messages_go_both_ways_and_only_the_other_side_is_told(town):
    case = town.submit()
    services.post_message(case.pk, actors.person("Camille"), " Bonjour ")
    assert told(case) == ["registration_receipt"]
    services.post_message(case.pk, actors.agent(town.agent), "Bonjour Camille")
    assert told(case)[-1] == "message_received"
    assert [each.body for each in case.messages.all()] == ["Bonjour", "Bonjour Camille"]
    assert services.read_messages(case, by="person") == 1
    assert services.read_messages(case, by="person") == 0


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_message_is_refused(town, body):
    case = town.submit()
    with pytest.raises(Incomplete):
        services.post_message(case.pk, actors.person(), body)


def test_an_agent_sees_their_sector_only_and_nothing_of_another_authority(town):
    case = town.submit()
    other = make_town("21490998800012", "autre")
    assert queries.agent_case(town.agent, case.pk).case == case
    assert queries.agent_case(other.agent, case.pk) is None
    for seen in (queries.visible_to, lambda account: scope_of(account).cases()):
        assert list(seen(other.agent)) == []
        assert list(seen(town.agent)) == [case]
    town.agent.is_active = False
    assert not scope_of(town.agent).cases().exists()


def test_the_pages_of_a_case_cost_the_same_whatever_it_holds(town, django_assert_num_queries):
    case = town.submit()
    key = town.case(case).tracking_key
    for _ in range(4):
        services.post_message(case.pk, actors.agent(town.agent), "Bonjour")
    with django_assert_num_queries(9):
        view = queries.tracking(key)
    assert (view.step, view.steps, len(view.messages)) == (1, 3, 4)
    with django_assert_num_queries(10):
        assert len(queries.agent_case(town.agent, case.pk).history) == 5


def test_the_person_reads_in_their_language(town):
    case = town.submit(language="en")
    with translation.override("en"):
        assert str(queries.tracking(town.case(case).tracking_key).procedure) == "Certificate request"


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("ASVS 2.3.4")
def test_of_two_agents_who_decide_at_once_one_is_told_to_read_again():
    town = make_town()
    case = town.submit()
    results: list[str] = []
    gate = threading.Barrier(2)

    def decide(outcome: str) -> None:
        try:
            gate.wait()
            services.decide(case.pk, town.agent, outcome=outcome, reasons="Motif.", expected_version=1)
            results.append("decided")
        except StaleCase:
            results.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(outcome,)) for outcome in ("accepted", "refused")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["decided", "stale"]
    assert town.case(case).version == 2
    assert queries.chain_is_whole(town.case(case))


@pytest.mark.parametrize("strange", ["a\x00b", "a\ud83db"])
def test_strange_characters_in_a_message_or_a_reason_break_nothing(town, strange):
    case = town.submit()
    services.post_message(case.pk, actors.person(strange), strange)
    services.decide(case.pk, town.agent, outcome="refused", reasons=strange)
    services.reopen(case.pk, town.agent, reason=strange)
    services.ask_document(case.pk, town.agent, items=[{"name": strange}], deadline=SOON, comment=strange)
    services.withdraw(case.pk, actors.person(), reason=strange)
    assert queries.chain_is_whole(town.case(case))
