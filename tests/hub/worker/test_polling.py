import asyncio
from collections import Counter
from datetime import UTC, datetime

from django.db import connection

from etoile.hub.delivery import quarantine
from etoile.hub.delivery.models import Delivery, ExternalReference, Poll, Quarantined
from etoile.hub.delivery.stored import read
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry.models import Subscription
from etoile.sdk import DoorError, Outcome, Polled, Posted, Problem, Returned
from tests.hub.delivery.conftest import STATUS
from tests.hub.worker.conftest import Stub, publish, work

MOMENT = datetime(2026, 9, 2, 8, tzinfo=UTC)


class Asked(Stub):
    """An application that gives numbers and is asked for news; `news` is what each reading finds."""

    def __init__(self, *news, answer=None):
        super().__init__(answer or (lambda event, context: Outcome.acknowledged(f"N-{event.sequence}")))
        self.news = list(news)
        self.cursors = []

    async def poll(self, cursor, context):
        self.cursors.append(cursor)
        found = self.news.pop(0) if self.news else Polled(cursor)
        if isinstance(found, Exception):
            raise found
        return found


def statuses():
    return [
        read(payload)
        for payload in Message.objects.filter(type=STATUS).order_by("id").values_list("payload", flat=True)
    ]


def earlier(number, subject):
    """A case delivered before, under the application's number."""
    event = publish(subject, number)
    work(
        {"stub": Stub(lambda *_: Outcome.acknowledged(f"N-{number}"))}, until=lambda: ExternalReference.objects.exists()
    )
    ExternalReference.objects.exclude(external_id=f"N-{number}").delete()
    return event


def again():
    """Another worker, later: the next reading is due."""
    Poll.objects.update(due="2020-01-01T00:00:00Z")


def test_what_is_read_becomes_a_status_of_the_case_once(star):
    case = earlier(1, "case/1")
    news = Polled("later", [("N-1", Returned("in_progress", MOMENT, business_code="EC", business_label="En cours"))])
    asked = Asked(news, news)
    Subscription.objects.exclude(slug="works-submitted").delete()
    Poll.objects.all().delete()
    work({"stub": asked}, until=lambda: len(statuses()) == 1 and Poll.objects.get().cursor == "later")
    (status,) = statuses()
    assert (status.source, status.subject, status.data["external_id"]) == ("works", "case/1", "N-1")
    assert status.data["case"] == {name: case.data["case"][name] for name in ("id", "reference")}
    again()
    work({"stub": asked}, until=lambda: len(asked.cursors) >= 2 and Poll.objects.get().lease_until is None)
    assert asked.cursors[:2] == [None, "later"]
    assert len(statuses()) == 1


def test_a_status_of_a_case_nobody_knows_is_kept_in_the_journal(star):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_quarantined")
        cursor.execute("SELECT count(*) FROM journal_entry WHERE kind = 'status.unknown_case'")
        before = cursor.fetchone()[0]
    asked = Asked(Polled("later", [("Z-9", Returned("closed", MOMENT))]))
    work({"stub": asked}, until=lambda: Entry.objects.filter(kind="status.unknown_case").count() == before + 1)
    entry = Entry.objects.filter(kind="status.unknown_case").order_by("-id").first()
    assert entry.detail["external_id"] == "Z-9"
    assert not statuses()
    assert (Quarantined.objects.get().external_id, Quarantined.objects.get().state) == ("Z-9", "waiting")


def test_a_file_that_cannot_be_read_is_told_again_each_time_it_comes_back_and_nothing_is_applied(star):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_quarantined")
    words = "Le fichier « retour.csv » est illisible : Ligne 2."
    unreadable = Polled("after", [], problems=[Problem("retour.csv", words, "retour.csv 12 1")])
    Subscription.objects.exclude(slug="works-submitted").delete()
    work({"stub": Asked(unreadable)}, until=lambda: Quarantined.objects.filter(state="waiting").exists())
    kept = Quarantined.objects.get()
    assert (kept.reason, kept.external_id, kept.detail, kept.times) == ("unreadable", "retour.csv", words, 1)
    assert (Poll.objects.get().cursor, Poll.objects.get().last_error) == ("after", None)

    # Nothing of it can be applied: it is put aside by a person, and waits again if the same file comes again.
    assert quarantine.reprocess([kept.pk], actor="test", reason="essai").applied == 0
    assert quarantine.discard([kept.pk], actor="test", reason="rendu de nouveau") == 1
    again()
    work({"stub": Asked(unreadable)}, until=lambda: Quarantined.objects.filter(state="waiting", times=2).exists())
    assert not statuses()


def test_news_that_overtook_the_number_of_its_case_are_applied_when_it_is_known(star):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_quarantined")
    early = Polled("later", [("N-1", Returned("in_progress", MOMENT))])
    work({"stub": Asked(early)}, until=lambda: Quarantined.objects.filter(state="waiting").count() == 1)
    publish("case/1", 1)
    work({"stub": Asked()}, until=lambda: len(statuses()) == 1)
    assert (statuses()[0].subject, Quarantined.objects.get().state) == ("case/1", "applied")


def test_a_reading_that_fails_keeps_its_place_and_says_why(star):
    asked = Asked(DoorError("connection", "L'application ne répond pas."))
    Subscription.objects.exclude(slug="works-submitted").delete()
    work({"stub": asked}, until=lambda: Poll.objects.filter(last_error__isnull=False).exists())
    found = Poll.objects.get()
    assert (found.cursor, found.last_error, found.lease_until) == (None, "L'application ne répond pas.", None)


def test_what_was_sent_is_confirmed_by_the_news_of_it(star):
    publish("case/1", 1)
    work(
        {"stub": Stub(lambda *_: Outcome.accepted("pris", "N-1"))},
        until=lambda: Delivery.objects.filter(state="sent").exists(),
    )
    Poll.objects.all().delete()
    asked = Asked(*[Polled("x", [("N-1", Returned("received", MOMENT))])] * 3)
    work({"stub": asked}, until=lambda: Delivery.objects.filter(external_id="N-1", state="acknowledged").exists())


def test_a_message_to_the_person_is_published_once_and_what_comes_back_waits_for_a_person(star):
    case = earlier(1, "case/1")
    Subscription.objects.exclude(slug="works-submitted").delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_quarantined")
    Poll.objects.all().delete()
    posted = Posted("m-1", "Nous passons mardi.", MOMENT)
    refused = ("N-1", "Le courriel est revenu : adresse inconnue.")
    read_once = Polled("later", posted=[("N-1", posted), ("N-9", posted)], refused=[refused, ("N-8", "Revenu.")])
    before = Entry.objects.filter(kind="delivery.rejected").count()
    asked = Asked(read_once, read_once)
    work({"stub": asked}, until=lambda: Poll.objects.filter(cursor="later", lease_until=None).exists())
    again()
    work({"stub": asked}, until=lambda: len(asked.cursors) >= 2 and Poll.objects.get().lease_until is None)
    (message,) = Message.objects.filter(type="org.etoile.case.message_posted.v1").order_by("id")
    event = read(message.payload)
    assert (event.source, event.subject) == ("works", case.subject)
    assert (event.data["message"]["author"], event.data["message"]["body"]) == ("application", "Nous passons mardi.")
    delivery = Delivery.objects.get(external_id="N-1")
    assert (delivery.state, delivery.detail, delivery.outcome) == ("rejected", refused[1], "manual")
    assert Entry.objects.filter(kind="delivery.rejected").count() == before + 1
    told = set(Quarantined.objects.values_list("external_id", "reason"))
    assert told == {("N-9", "unreadable"), ("N-8", "unreadable")}


def test_a_slow_reading_delays_no_delivery(star):
    asked = Asked()

    async def stuck(cursor, context):
        await asyncio.sleep(60)

    asked.poll = stuck
    type(asked).poll  # noqa: B018 (the class offers it: that is what the worker looks at)
    publish("case/1", 1)
    work({"stub": asked}, until=lambda: Counter(Delivery.objects.values_list("state", flat=True))["acknowledged"] >= 1)
