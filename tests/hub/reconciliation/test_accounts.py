"""Accepted = acknowledged + pending + leased + retry + sent + rejected + dead + held + cancelled, or it is told."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Entry, Message
from etoile.hub.reconciliation import services
from etoile.hub.reconciliation.holdings import Answered
from etoile.hub.reconciliation.models import Row
from etoile.hub.registry.models import Subscription
from etoile.hub.worker.database import conninfo
from etoile.sdk import HeldItem, Holding
from tests.hub.conftest import submission, token
from tests.hub.journal.conftest import begin_again, lawless

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def nothing_before(db: None) -> None:
    begin_again()


@pytest.fixture
def accept(publish):
    bearer = token("gru")

    def accepted(number: int = 1) -> list[Delivery]:
        ids = [publish(submission(), bearer).json()["id"] for _ in range(number)]
        return [Delivery.objects.get(message_id=id) for id in ids]

    return accepted


def put(delivery: Delivery, state: str, **values) -> None:
    now = datetime.now(UTC)
    lease = {"lease_until": now, "leased_at": now, "leased_by": "w"} if state == "leased" else {"lease_until": None}
    Delivery.objects.filter(pk=delivery.pk).update(state=state, due=None, **lease, **values)


def voirie(report) -> Row:
    return report.rows.get(subscription="voirie-demandes")


def kinds(report) -> list[str]:
    return [each.kind for each in services.differences(report)]


def test_every_state_is_counted_and_the_sum_is_what_was_accepted(accept) -> None:
    deliveries = accept(len(DeliveryState.values) + 2)
    for delivery, state in zip(deliveries, [*DeliveryState.values, "dead", "dead"], strict=True):
        put(delivery, state)
    report = services.run(connection, TODAY)
    row = voirie(report)
    counted = {state: getattr(row, state) for state in DeliveryState.values}
    assert counted == dict.fromkeys(DeliveryState.values, 1) | {"dead": 3}
    assert row.accepted == sum(counted.values()) == 11
    assert (report.entries, report.messages, report.routed, report.unrouted, report.kept) == (11, 11, 11, 0, 0)
    assert (report.differences, kinds(report)) == (0, [])


def test_a_message_that_nobody_takes_is_accounted_for_too(publish) -> None:
    Subscription.objects.filter(slug="voirie-demandes").update(filter="false")
    publish(submission(), token("gru"))
    report = services.run(connection, TODAY)
    assert (report.messages, report.unrouted, report.entries, report.differences) == (1, 1, 1, 0)
    assert services.rows(report) == []


def test_a_delivery_that_disappeared_is_missing_and_named(accept) -> None:
    lost, _ = accept(2)
    Delivery.objects.filter(pk=lost.pk).delete()
    report = services.run(connection, TODAY)
    row = voirie(report)
    assert (row.accepted, row.pending, row.missing, report.differences) == (2, 1, 1, 1)
    [found] = services.differences(report)
    assert (found.kind, found.message_id, found.subscription_id) == ("missing", lost.message_id, row.subscription_id)


def test_a_delivery_that_nobody_promised_is_named(accept) -> None:
    [delivery] = accept()
    values = {name: getattr(delivery, name) for name in ("message_id", "application_id", "subject", "created_at")}
    added = Delivery.objects.create(
        id=services.bounds(TODAY)[0], subscription_id=999, position=1, state="pending", **values
    )
    report = services.run(connection, TODAY)
    row = report.rows.get(subscription_id=999)
    assert (row.subscription, row.accepted, row.unpromised, row.pending) == ("#999", 0, 1, 1)
    assert services.differences(report)[0].delivery_id == added.pk


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DELETE FROM journal_entry WHERE message_id = %s", "unrecorded"),
        ("DELETE FROM journal_message WHERE id = %s", "lost"),
    ],
)
def test_a_message_without_its_entry_and_an_entry_without_its_message_are_named(accept, statement, kind) -> None:
    [delivery] = accept()
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute(statement, [delivery.message_id])
    report = services.run(connection, TODAY)
    assert kind in kinds(report)
    assert report.differences == len(kinds(report))


def test_entries_of_before_the_promises_are_taken_at_their_word(accept) -> None:
    accept()
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute("UPDATE journal_entry SET detail = detail - 'subscriptions'")
    report = services.run(connection, TODAY)
    assert (voirie(report).accepted, voirie(report).pending, report.differences) == (1, 1, 0)


def test_a_message_belongs_to_one_day_and_one_only(accept) -> None:
    accept(3)
    days = [services.run(connection, TODAY + timedelta(days=ahead)).messages for ahead in (-1, 0, 1)]
    assert days == [0, 3, 0]
    first, end = services.bounds(TODAY)
    assert services.bounds(TODAY + timedelta(days=1))[0] == end > first


def test_the_report_is_kept_and_journalled(accept) -> None:
    accept()
    report = services.run(connection, TODAY)
    assert [each.pk for each in services.reports()] == [report.pk]
    assert services.latest(TODAY) == services.latest() == report
    assert services.latest(TODAY - timedelta(days=9)) is None
    entry = Entry.objects.get(kind="reconciliation.made")
    assert entry.detail == {"day": TODAY.isoformat(), "report": report.pk, "differences": 0}


class TestBothSides:
    @pytest.fixture
    def acknowledged(self, accept) -> list[Delivery]:
        deliveries = accept(3)
        for rank, delivery in enumerate(deliveries):
            put(delivery, "acknowledged", external_id=f"DI-{rank}")
        return deliveries

    def compare(self, *items: HeldItem, complete: bool = True):
        subscription = Subscription.objects.get(slug="voirie-demandes")
        return services.run(connection, TODAY, {subscription.pk: Answered(Holding(list(items), complete))})

    def test_what_the_application_holds_tallies(self, acknowledged) -> None:
        report = self.compare(*(HeldItem(f"DI-{rank}") for rank in range(3)), HeldItem("of-the-counter"))
        assert (voirie(report).theirs, report.differences) == (4, 0)

    def test_what_it_lost_is_named_with_our_reference(self, acknowledged) -> None:
        report = self.compare(HeldItem("DI-0"), HeldItem("DI-2"))
        assert (voirie(report).missing_there, report.differences) == (1, 1)
        [found] = services.differences(report)
        assert (found.kind, found.external_id, found.delivery_id) == ("missing_there", "DI-1", acknowledged[1].pk)
        assert found.reference == Message.objects.get(pk=acknowledged[1].message_id).reference != ""

    def test_what_it_recorded_twice_is_named(self, acknowledged) -> None:
        reference = Message.objects.get(pk=acknowledged[0].message_id).reference
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO delivery_external_reference SELECT application_id, 'DI-0', subject, 'gru', id"
                " FROM delivery_delivery WHERE id = %s",
                [acknowledged[0].pk],
            )
        ours = [HeldItem(f"DI-{rank}") for rank in (1, 2)]
        report = self.compare(HeldItem("DI-0", reference), HeldItem("DI-9", reference), *ours)
        assert voirie(report).unknown_here == 1
        [found] = services.differences(report)
        assert (found.kind, found.external_id, found.reference) == ("unknown_here", "DI-9", reference)

    def test_an_incomplete_list_accuses_nobody(self, acknowledged) -> None:
        report = self.compare(HeldItem("DI-0"), complete=False)
        assert report.differences == 0
        assert "pas compté" in voirie(report).note

    def test_an_application_that_did_not_answer_is_told_not_accused(self, acknowledged) -> None:
        subscription = Subscription.objects.get(slug="voirie-demandes")
        report = services.run(connection, TODAY, {subscription.pk: Answered(None, "Elle dort.")})
        assert (voirie(report).note, voirie(report).theirs, report.differences) == ("Elle dort.", None, 0)


def test_a_connection_of_the_worker_counts_as_well(transactional_db, load_star) -> None:
    with psycopg.connect(conninfo()) as own:
        report = services.run(own, TODAY - timedelta(days=400))
        own.commit()
    assert services.latest(report.day) == report


def test_the_csv_is_for_a_spreadsheet_and_holds_no_formula(accept) -> None:
    accept()
    report = services.run(connection, TODAY)
    Row.objects.filter(report=report).update(note="=cmd()")
    [line] = csv.DictReader(io.StringIO("".join(services.csv_lines([report]))), delimiter=";")
    assert (line["subscription"], line["accepted"], line["pending"]) == ("voirie-demandes", "1", "1")
    assert (line["day"], line["note"]) == (TODAY.isoformat(), "'=cmd()")


def test_the_number_of_statements_does_not_follow_the_number_of_messages(accept, django_assert_num_queries) -> None:
    accept(1)
    with connection.cursor():
        services.run(connection, TODAY)
    with django_assert_num_queries(10):
        services.run(connection, TODAY)
    accept(5)
    with django_assert_num_queries(10):
        services.run(connection, TODAY)


def test_the_command_prints_the_accounts_and_its_status_tells_a_difference(accept, capsys, tmp_path) -> None:
    [delivery, _] = accept(2)
    words = ["--day", TODAY.isoformat(), "--here-only"]
    call_command("hub_reconcile", *words, "--csv", str(tmp_path / "day.csv"))
    said = capsys.readouterr().out
    assert "voirie-demandes" in said
    assert said.endswith("Everything tallies.\n")
    assert "voirie-demandes" in (tmp_path / "day.csv").read_text(encoding="utf-8-sig")
    Delivery.objects.filter(pk=delivery.pk).delete()
    with pytest.raises(SystemExit) as status:
        call_command("hub_reconcile", *words, "--json")
    assert status.value.code == 1
    content = json.loads(capsys.readouterr().out)
    assert (content["differences"], content["rows"][0]["missing"]) == (1, 1)
    assert content["found"][0]["message_id"] == str(delivery.message_id)
