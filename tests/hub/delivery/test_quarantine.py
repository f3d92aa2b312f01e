"""What an application says and cannot be applied: kept, tried again, discarded; never lost, never in the journal."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from etoile.contract.identifiers import uuid7
from etoile.contract.schemas import example
from etoile.hub.delivery import quarantine, strange
from etoile.hub.delivery.models import Delivery, Quarantined
from etoile.hub.delivery.reasons import ReasonMissingError
from etoile.hub.delivery.settlement import remember_external
from etoile.hub.delivery.strange import Strange
from etoile.hub.journal.models import Entry, Message
from etoile.hub.routing.services import accept
from etoile.sdk import Returned
from tests.hub.delivery.conftest import HANDOFF, STATUS, SUBMITTED

NEWS = Returned("in_progress", datetime(2026, 9, 2, 8, tzinfo=UTC), message="Madame Léa Martin, c'est en cours.")
BY = {"actor": "lea@example.org", "reason": "numéro retrouvé"}


@pytest.fixture
def works(snapshot):
    return snapshot.application("works")


@pytest.fixture
def case(cursor, snapshot, submitted):
    """A case delivered to the technical services, whose number the hub does not know yet."""
    accept(cursor, submitted, application=snapshot.application("gru"), snapshot=snapshot)
    return Delivery.objects.get(message_id=Message.objects.get(type=SUBMITTED).pk)


def unknown(works, number="N-1", status=NEWS, **values):
    return Strange(works, strange.UNKNOWN_CASE, str(status.status), status, f"works/{number}", number, **values)


def known(cursor, works, case, number="N-1"):
    remember_external(cursor, [(works.id, number, case.subject, "gru", case.pk)])


def statuses():
    return Message.objects.filter(type=STATUS)


def everything_written():
    return json.dumps(list(Entry.objects.values_list("kind", "actor", "detail")), default=str)


class TestKeeping:
    def test_what_is_said_is_kept_once_and_counted_and_the_journal_holds_nothing_of_it(self, cursor, works):
        assert strange.keep(cursor, [unknown(works)] * 3) == 1
        assert strange.keep(cursor, [unknown(works), unknown(works, "N-2")]) == 1
        rows = {row.external_id: row for row in Quarantined.objects.all()}
        assert (rows["N-1"].times, rows["N-2"].times, rows["N-1"].state) == (2, 1, "waiting")
        assert rows["N-1"].content["status"]["message"] == NEWS.message
        assert quarantine.waiting_count(cursor) == 2
        assert Entry.objects.filter(kind="status.unknown_case").count() == 2
        assert "Martin" not in everything_written()

    def test_whatever_a_connector_brings_back_can_be_kept(self, cursor, works):
        odd = replace(NEWS, message="a\x00b\ud800", business_code=object())
        for status in (odd, "not a status"):
            about = (uuid7(), uuid7())
            strange.keep(cursor, [Strange(works, strange.REFUSED, "?", status, "k", "N\x00", None, *about)])
        assert Quarantined.objects.count() == 2
        assert quarantine.reprocess(None, **BY).applied == 0
        assert Quarantined.objects.filter(state="waiting").count() == 2


class TestReprocessing:
    def test_it_is_applied_by_itself_when_the_number_becomes_known(self, cursor, snapshot, works, case):
        strange.keep(cursor, [unknown(works)])
        assert quarantine.catch_up(cursor, snapshot) == 0
        known(cursor, works, case)
        assert quarantine.catch_up(cursor, snapshot) == 1
        (status,) = statuses()
        assert (status.source, status.subject) == ("works", case.subject)
        row = Quarantined.objects.get()
        assert (row.state, row.content, row.settled_by) == ("applied", None, "hub")
        assert quarantine.catch_up(cursor, snapshot) == 0
        assert Entry.objects.filter(kind="quarantine.applied").count() == 1

    def test_the_same_news_read_again_afterwards_is_known(self, cursor, snapshot, works, case):
        strange.keep(cursor, [unknown(works), unknown(works, status=replace(NEWS, status="closed"))])
        known(cursor, works, case)
        assert quarantine.reprocess(None, **BY) == quarantine.Reprocessed(2, 0)
        assert strange.keep(cursor, [unknown(works)]) == 0
        assert Quarantined.objects.filter(state="waiting").count() == 0
        assert statuses().count() == 2

    def test_what_was_accepted_for_later_is_confirmed_by_it(self, cursor, works, case):
        Delivery.objects.filter(pk=case.pk).update(state="sent", due=None)
        strange.keep(cursor, [unknown(works)])
        known(cursor, works, case)
        quarantine.reprocess(None, **BY)
        assert Delivery.objects.get(pk=case.pk).state == "acknowledged"
        assert Message.objects.filter(type=HANDOFF).exists()

    def test_what_still_has_no_case_waits_and_a_reason_is_needed(self, cursor, works):
        strange.keep(cursor, [unknown(works, f"N-{number}") for number in range(5)])
        assert quarantine.reprocess(None, **BY) == quarantine.Reprocessed(0, 5)
        with pytest.raises(ReasonMissingError):
            quarantine.reprocess(None, actor="lea@example.org", reason=" ")
        assert Quarantined.objects.filter(state="waiting").count() == 5

    def test_one_that_the_contract_refuses_keeps_nobody_else_and_is_not_tried_by_itself_again(
        self, cursor, snapshot, works, case
    ):
        strange.keep(cursor, [unknown(works, status=replace(NEWS, message="x" * 6000)), unknown(works)])
        known(cursor, works, case)
        assert quarantine.catch_up(cursor, snapshot) == 1
        (left,) = Quarantined.objects.filter(state="waiting")
        assert (left.reason, left.detail[:13]) == ("refused", "/data/message")
        assert quarantine.catch_up(cursor, snapshot) == 0
        assert statuses().count() == 1

    def test_killed_at_any_statement_it_is_applied_whole_or_not_at_all(self, cursor, works, case):
        strange.keep(cursor, [unknown(works)])
        known(cursor, works, case)
        step, killed = 0, True
        while killed:
            step += 1
            try:
                with transaction.atomic(), connection.execute_wrapper(_Killer(step)):
                    quarantine.reprocess(None, **BY)
                killed = False
            except Killed:
                pass
            row = Quarantined.objects.get()
            entries = Entry.objects.filter(kind="quarantine.applied").count()
            done = (statuses().count(), row.state, row.content is None, entries)
            assert done == ((0, "waiting", False, 0) if killed else (1, "applied", True, 1))
        assert step > 8


class Killed(BaseException):
    """The process is gone: no code of ours catches it."""


class _Killer:
    def __init__(self, step):
        self.left = step

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


class TestDiscarding:
    def test_it_is_put_aside_with_a_reason_and_its_content_erased(self, cursor, works):
        strange.keep(cursor, [unknown(works), unknown(works, "N-2")])
        one = Quarantined.objects.get(external_id="N-1")
        with pytest.raises(ReasonMissingError):
            quarantine.discard([one.pk], actor="lea@example.org", reason="")
        assert quarantine.discard([one.pk, uuid7()], actor="lea@example.org", reason="dossier de test") == 1
        one.refresh_from_db()
        assert (one.state, one.content, one.settled_by) == ("discarded", None, "lea@example.org")
        entry = Entry.objects.get(kind="quarantine.discarded")
        assert entry.detail["reason"] == "dossier de test"
        assert quarantine.discard([one.pk], actor="lea@example.org", reason="encore") == 0

    def test_said_again_it_stays_discarded(self, cursor, works):
        strange.keep(cursor, [unknown(works)])
        quarantine.discard([Quarantined.objects.get().pk], **BY)
        strange.keep(cursor, [unknown(works)])
        assert Quarantined.objects.get().state == "discarded"


class TestAPublishedAnswer:
    @pytest.fixture
    def published(self, cursor, snapshot, works):
        def publish(subject="case/unknown", number="N-9"):
            sample = example(STATUS)
            raw = sample.to_dict() | {"id": str(uuid7()), "subject": subject, "source": "works"}
            raw["data"] = {**sample.data, "external_id": number}
            message = accept(cursor, type(sample).from_dict(raw), application=works, snapshot=snapshot).message_id
            return Delivery.objects.get(message_id=message)

        return publish

    def test_about_a_case_nobody_ever_spoke_of_it_is_kept_back(self, cursor, published):
        assert published().state == "held"
        row = Quarantined.objects.get()
        assert (row.external_id, row.reason, row.content) == ("N-9", "unknown_case", None)

    def test_about_a_case_the_hub_carried_it_goes_its_way_even_before_the_number(self, cursor, published, case):
        assert published(case.subject).state == "pending"
        assert not Quarantined.objects.exists()

    def test_it_leaves_when_its_number_becomes_known_or_a_person_lets_it_go(
        self, cursor, snapshot, works, case, published
    ):
        by_itself, by_hand = published(number="N-1"), published(number="N-2")
        known(cursor, works, case)
        assert quarantine.catch_up(cursor, snapshot) == 1
        assert quarantine.reprocess(None, **BY) == quarantine.Reprocessed(0, 1)
        assert quarantine.reprocess([Quarantined.objects.get(external_id="N-2").pk], **BY).applied == 1
        assert {Delivery.objects.get(pk=each.pk).state for each in (by_itself, by_hand)} == {"pending"}

    def test_discarded_its_deliveries_are_closed_for_the_same_reason(self, published):
        delivery = published()
        quarantine.discard([Quarantined.objects.get().pk], **BY)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.detail) == ("cancelled", BY["reason"])


def test_the_command_line_shows_tries_again_and_discards_without_the_content(cursor, works, case, capsys):
    strange.keep(cursor, [unknown(works), unknown(works, "N-2"), unknown(works, "N-3")])
    known(cursor, works, case)
    call_command("hub_quarantine", "list")
    shown = capsys.readouterr().out
    assert "N-2" in shown and "unknown_case" in shown and "Martin" not in shown
    with pytest.raises(CommandError, match="reason"):
        call_command("hub_quarantine", "reprocess")
    call_command("hub_quarantine", "reprocess", "--reason", "repris")
    assert "1 answers applied, 2 still wait." in capsys.readouterr().out
    with pytest.raises(CommandError, match="which answers"):
        call_command("hub_quarantine", "discard", "--reason", "x")
    call_command("hub_quarantine", "discard", "--application", "works", "--reason", "anciens", "--json")
    assert json.loads(capsys.readouterr().out) == {"verb": "discard", "done": 2, "waiting": 0}
