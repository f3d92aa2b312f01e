"""Daily operation on the command line: readable, `--json`, a status for scripts, a reason for each decision."""

import argparse
import asyncio
import json
from datetime import UTC, datetime, timedelta

import nats
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub import command
from etoile.hub.delivery import engine
from etoile.hub.delivery.engine.nats import Address, NatsEngine, broker
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry.models import Subscription
from tests.hub.conftest import submission, token
from tests.hub.engines import nats_engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def deliveries(publish) -> list[Delivery]:
    """Two dead, one acknowledged, one waiting."""
    bearer = token("gru")
    ids = [publish(submission(), bearer).json()["id"] for _ in range(4)]
    made = [Delivery.objects.get(message_id=id) for id in ids]
    Delivery.objects.filter(pk__in=[made[0].pk, made[1].pk]).update(
        state="dead", due=None, detail="Elle ne répond pas."
    )
    Delivery.objects.filter(pk=made[2].pk).update(state="acknowledged", due=None, external_id="DI-7")
    return made


def states(deliveries) -> list[str]:
    return [Delivery.objects.get(pk=each.pk).state for each in deliveries]


def said(capsys, *words: str) -> dict:
    call_command(*words, "--json")
    return json.loads(capsys.readouterr().out)


class TestReplayAndCancel:
    def test_one_delivery_is_sent_again_with_its_reason_in_the_journal(self, deliveries, capsys) -> None:
        call_command("hub_decide", "replay", str(deliveries[0].pk), "--reason", "elle est réparée")
        assert capsys.readouterr().out == "1 deliveries sent again.\n"
        assert states(deliveries) == ["pending", "dead", "acknowledged", "pending"]
        entry = Entry.objects.get(kind="delivery.replayed")
        assert (entry.delivery_id, entry.detail["reason"]) == (deliveries[0].pk, "elle est réparée")
        assert entry.actor.endswith("(command line)")

    def test_a_selection_is_counted_first_then_sent_again(self, deliveries, capsys) -> None:
        words = ["hub_decide", "replay", "--state", "dead", "--subscription", "voirie-demandes", "--reason", "x"]
        assert said(capsys, *words, "--dry-run") == {"verb": "replay", "deliveries": 2, "done": False}
        assert states(deliveries)[:2] == ["dead", "dead"]
        assert said(capsys, *words) == {"verb": "replay", "deliveries": 2, "done": True}
        assert states(deliveries)[:2] == ["pending", "pending"]

    def test_a_period_and_an_application_narrow_the_choice(self, deliveries, capsys) -> None:
        now = datetime.now(UTC)
        words = ["hub_decide", "cancel", "--state=dead", "--reason=x", "--dry-run"]
        since = f"--since={(now - timedelta(hours=1)).isoformat()}"
        assert said(capsys, *words, since, "--application=voirie")["deliveries"] == 2
        for empty in (f"--until={(now - timedelta(hours=1)).isoformat()}", "--application=famille"):
            with pytest.raises(SystemExit) as status:
                call_command(*words, empty)
            assert status.value.code == 1

    def test_a_case_is_named_by_its_reference(self, deliveries, capsys) -> None:
        message = Message.objects.get(pk=deliveries[0].message_id)
        with pytest.raises(CommandError, match="several cases"):
            call_command("hub_decide", "cancel", "--case", message.reference, "--reason", "x")
        with pytest.raises(CommandError, match="no case"):
            call_command("hub_decide", "cancel", "--case", "26-NONE", "--reason", "x")
        assert said(capsys, "hub_decide", "cancel", "--message", str(message.pk), "--reason", "x")["deliveries"] == 1
        assert states(deliveries)[0] == "cancelled"

    @pytest.mark.parametrize(
        ("words", "problem"),
        [
            (["--reason", "x"], "at least one criterion"),
            (["--state", "dead", "--reason", "  "], "reason"),
            (["--state", "dead"], "--reason"),
            (["--subscription", "nobody", "--reason", "x"], "no subscription nobody"),
            (["--application", "nobody", "--reason", "x"], "no application nobody"),
            (["not-an-identifier", "--reason", "x"], "not an identifier"),
            (["--since", "hier", "--reason", "x"], "a date such as"),
            (["--state", "odd", "--reason", "x"], "invalid choice"),
        ],
    )
    def test_what_is_not_clear_moves_nothing(self, deliveries, words, problem) -> None:
        with pytest.raises(CommandError, match=problem):
            call_command("hub_decide", "replay", *words)
        assert states(deliveries)[:2] == ["dead", "dead"]


class TestHoldAndRelease:
    def test_a_subscription_is_switched_off_and_on_with_what_waits_for_it(self, deliveries, capsys) -> None:
        call_command("hub_switch", "hold", "voirie-demandes", "--reason", "travaux")
        assert "voirie-demandes is off; 1 deliveries held." in capsys.readouterr().out
        assert not Subscription.objects.get(slug="voirie-demandes").active
        assert states(deliveries)[3] == "held"
        assert said(capsys, "hub_switch", "release", "voirie-demandes", "--reason", "finis")["deliveries"] == 1
        assert Subscription.objects.get(slug="voirie-demandes").active
        assert states(deliveries)[3] == "pending"
        kinds = set(Entry.objects.filter(kind__startswith="subscription.").values_list("kind", flat=True))
        assert kinds == {"subscription.switched_off", "subscription.switched_on"}

    @pytest.mark.parametrize("words", [["nobody", "--reason", "x"], ["voirie-demandes", "--reason", " "]])
    def test_without_a_name_or_a_reason_nothing_is_switched(self, words) -> None:
        with pytest.raises(CommandError):
            call_command("hub_switch", "hold", *words)
        assert Subscription.objects.get(slug="voirie-demandes").active


class TestMessages:
    def found(self, capsys, *words: str) -> list[str]:
        call_command("hub_messages", "--json", *words)
        return [line["id"] for line in json.loads(capsys.readouterr().out)]

    def test_the_latest_come_first_page_after_page(self, deliveries, capsys) -> None:
        ids = [str(each.message_id) for each in reversed(deliveries)]
        assert self.found(capsys) == ids
        call_command("hub_messages", "--limit", "2")
        assert f"More: --before {ids[1]}" in capsys.readouterr().out
        assert self.found(capsys, "--before", ids[1]) == ids[2:]

    def test_each_criterion_is_exact(self, deliveries, capsys) -> None:
        dead = [str(each.message_id) for each in (deliveries[1], deliveries[0])]
        assert self.found(capsys, "--state", "dead") == dead
        assert self.found(capsys, "--external", "DI-7") == [str(deliveries[2].message_id)]
        reference = Message.objects.get(pk=deliveries[0].message_id).reference
        assert len(self.found(capsys, "--case", reference, "--to", "voirie", "--source", "gru")) == 4
        assert len(self.found(capsys, "--since", "2026-01-01", "--type", "org.etoile.case.submitted.v1")) == 4
        for nothing in (["--state", "unrouted"], ["--until", "2026-01-01"], ["--case", reference[:-1]]):
            with pytest.raises(SystemExit) as status:
                call_command("hub_messages", *nothing)
            assert status.value.code == 1

    def test_one_message_is_shown_with_its_tries_and_never_its_content(self, deliveries, capsys) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, outcome, detail)"
                " VALUES (%s, %s, 1, 'w', now(), 'retry', 'Elle ne répond pas.')",
                [uuid7(), deliveries[0].pk],
            )
        id = str(deliveries[0].message_id)
        call_command("hub_messages", id)
        page = capsys.readouterr().out
        assert "voirie-demandes" in page
        assert "Elle ne répond pas." in page
        shown = json.dumps(said(capsys, "hub_messages", id))
        name = json.loads(Message.objects.get(pk=id).payload)["data"]["applicant"]["family_name"]
        assert name not in page + shown
        assert json.loads(shown)["tries"][0]["outcome"] == "retry"
        with pytest.raises(CommandError, match="holds no message"):
            call_command("hub_messages", str(uuid7()))

    def test_a_search_that_finds_nothing_says_so_and_fails(self, deliveries, capsys) -> None:
        with pytest.raises(SystemExit):
            call_command("hub_messages", case="99-AAAA-9")
        assert "No message is like that" in capsys.readouterr().err

    def test_the_number_of_statements_does_not_follow_the_number_of_messages(
        self, deliveries, capsys, django_assert_max_num_queries
    ) -> None:
        with django_assert_max_num_queries(4):
            call_command("hub_messages")


def test_the_status_says_what_waits_and_how_the_proofs_stand(deliveries, capsys) -> None:
    call_command("hub_status")
    page = capsys.readouterr().out
    assert "3 subscriptions" in page
    assert "journal entries not sealed yet" in page
    assert "Never reconciled." in page
    status = said(capsys, "hub_status")
    [line] = status["open"]
    assert (line["subscription"], line["dead"], line["pending"]) == ("voirie-demandes", 2, 1)


ID = "01a20cac-8d13-70e1-baef-b64bd39d335a"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["status", "--json"], ["hub_status", "--json"]),
        (["messages", ID], ["hub_messages", "--limit=50", ID]),
        (
            ["messages", "--case", "26-A", "--since", "2026-11-01"],
            ["hub_messages", "--case=26-A", "--since=2026-11-01 00:00:00+00:00", "--limit=50"],
        ),
        (
            ["replay", ID, "--state", "dead", "--state", "rejected", "--reason=-- fixed"],
            ["hub_decide", "replay", "--state=dead", "--state=rejected", "--reason=-- fixed", ID],
        ),
        (["cancel", ID, "--reason", "x", "--dry-run"], ["hub_decide", "cancel", "--reason=x", "--dry-run", ID]),
        (["hold", "voirie", "--reason", "x"], ["hub_switch", "hold", "--reason=x", "voirie"]),
        (["release", "voirie", "--reason", "x", "--json"], ["hub_switch", "release", "--reason=x", "--json", "voirie"]),
        (["reconcile", "--day", "2026-11-23", "--here-only"], ["hub_reconcile", "--day=2026-11-23", "--here-only"]),
        (["alarms", "--json"], ["hub_alarms", "--json"]),
        (["jobs"], ["hub_jobs"]),
        (["jobs", "run", "seal"], ["hub_jobs", "run", "seal"]),
        (["retention", "--months", "24"], ["hub_retention", "--months=24"]),
    ],
)
def test_each_action_passes_on_what_was_typed(monkeypatch, words, expected) -> None:
    ran = []
    monkeypatch.setattr(command, "manage", lambda product, arguments: ran.append(arguments) or 0)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    assert command.run(parser.parse_args(words)) == 0
    assert ran == [expected]


def test_the_engine_in_force_is_told(capsys):
    assert said(capsys, "hub_engine") == {"engine": "postgres"}


def test_a_broker_that_answers_is_told_with_what_waits_there(capsys, monkeypatch, nats_server):
    chosen = nats_engine(nats_server)
    monkeypatch.setattr(engine, "ENGINE", chosen)
    assert said(capsys, "hub_engine")["stream"] is None
    asyncio.run(_made(chosen.address))
    told = said(capsys, "hub_engine")
    assert (told["waiting"], told["replicas"], told["stream"]) == (0, 1, chosen.address.stream)


async def _made(address):
    client = await nats.connect(list(address.urls))
    assert await broker.ensure_stream(client, address)
    await client.close()


def test_a_broker_that_cannot_be_reached_is_told_in_plain_words_with_what_to_do(monkeypatch):
    monkeypatch.setattr(engine, "ENGINE", NatsEngine(Address(("nats://127.0.0.1:1",))))
    with pytest.raises(CommandError, match=r"cannot be reached at nats:.*HUB_ENGINE=postgres"):
        call_command("hub_engine")
