"""The page of a message: one line of time, from acceptance to acknowledgement, and the decisions beside it."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry import directory
from etoile.hub.registry.models import Operator, Subscription
from etoile.hub.routing.services import accept
from tests.hub.conftest import submission
from tests.hub.console import scenery
from tests.hub.console.test_overview import Counted


def accepted(event):
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        accept(cursor, event, application=snapshot.application("gru"), snapshot=snapshot)


def tried(delivery, number, outcome, detail="", status=None, minutes=0, exchange=None):
    at = timezone.now() - timedelta(minutes=minutes)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, finished_at, outcome,"
            " http_status, detail, exchange) VALUES (%s, %s, %s, 'w', %s, %s, %s, %s, %s, %s)",
            [uuid7(), delivery.pk, number, at, at + timedelta(milliseconds=230), outcome, status, detail, exchange],
        )


def opened(client, delivery, name="console:delivery"):
    key = delivery.pk if name == "console:delivery" else delivery.message_id
    answer = client.get(reverse(name, args=[key]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("name", ["console:delivery", "console:message"])
def test_each_try_stands_in_the_order_of_time_with_its_outcome_its_duration_and_its_code(
    client, operator, delivery, name
):
    tried(delivery, 1, "retry", "L’application est occupée.", 503, minutes=-1)
    tried(delivery, 2, "acknowledged", "", 201, minutes=-2)
    page = opened(client, delivery, name)
    order = ["Accepté par le hub", "Essai 1 : échec passager", "230 ms · HTTP 503", "L’application est occupée.",
             "Essai 2 : reçu", "HTTP 201"]  # fmt: skip
    timeline = page[page.index('<ol class="timeline"') :]
    places = [timeline.index(words) for words in order]
    assert places == sorted(places)


def test_tries_that_fail_the_same_way_are_folded_into_one_step_and_none_is_lost(client, operator, delivery):
    for number in range(1, 8):
        tried(delivery, number, "retry", "Connexion refusée", minutes=10 - number)
    page = opened(client, delivery)
    assert "Essais 1 à 6 : échec passager" in page
    assert "6 essais semblables" in page
    assert "Essai 7 : échec passager" in page
    assert all(f"<strong>Essai {number}</strong>" in page for number in range(1, 7))


def test_what_was_exchanged_is_shown_as_it_was_kept(client, operator, delivery):
    exchange = scenery.json.dumps(scenery.exchange(503))
    tried(delivery, 1, "retry", "Occupée", 503, exchange=exchange)
    page = opened(client, delivery)
    assert "POST https://atal.exemple.fr/api/demandes <strong>503</strong>" in page
    assert "authorization: [masqué]" in page
    assert "{&quot;erreur&quot;: &quot;occupé&quot;}" in page


def test_the_tries_to_come_have_their_times(client, operator, delivery):
    Delivery.objects.update(state="retry_scheduled", attempts=2, due=timezone.now() + timedelta(seconds=30))
    page = opened(client, delivery)
    coming = re.findall(r'timeline-future"> .*?Essai (\d+) sur 22, prévu</p> <p class="timeline-when"><time', page)
    assert coming == ["3", "4", "5", "6"]


def test_the_messages_that_wait_behind_are_counted_and_the_one_in_the_way_is_named(client, operator, delivery, event):
    for _ in range(3):
        accepted(submission(subject=event.subject))
    head, *_, last = Delivery.objects.order_by("position")
    assert "3 autres messages de cette demande attendent derrière." in opened(client, head)
    page = opened(client, last)
    assert "attendent derrière" not in page
    assert f'<a href="{reverse("console:delivery", args=[head.pk])}">Voir celui qui bloque</a>' in page


def test_nothing_waits_in_a_subscription_without_order(client, operator, delivery, star, event):
    Subscription.objects.filter(pk=star.pk).update(ordered=False)
    accepted(submission(subject=event.subject))
    assert "attend derrière" not in opened(client, delivery)


def test_a_decision_stands_on_the_line_of_time_with_who_took_it_and_why(client, operator, delivery):
    Delivery.objects.update(state="dead", due=None)
    client.post(reverse("console:decide", args=[delivery.pk]), {"replay": "1", "reason": "Application réparée"})
    page = opened(client, delivery)
    step = page[page.index("Envoi relancé") :]
    assert operator.email in step
    assert "Application réparée" in step


def test_a_delivery_marked_as_dealt_with_is_closed_and_says_so(client, operator, delivery):
    client.post(reverse("console:decide", args=[delivery.pk]), {"handled": "1", "reason": "Saisie à la main"})
    assert Delivery.objects.get().state == "cancelled"
    assert "Traité par un autre chemin : Saisie à la main" in opened(client, delivery)
    assert Entry.objects.get(kind="delivery.cancelled").actor == operator.email


def test_a_reader_sees_the_journey_and_no_form_they_could_not_use(client, operator, delivery):
    Operator.objects.update(role="reader")
    page = opened(client, delivery, "console:message")
    assert "Accepté par le hub" in page
    assert "Décider" not in page
    assert "Ouvrir le contenu" not in page


def test_a_delivery_whose_message_is_gone_still_opens(client, operator, delivery):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_message DISABLE TRIGGER journal_message_kept")
        cursor.execute("DELETE FROM journal_message WHERE id = %s", [Message.objects.get().pk])
    assert "Services techniques" in opened(client, delivery)


def test_the_number_of_statements_depends_neither_on_tries_nor_on_deliveries(client, operator, delivery, event):
    page = reverse("console:message", args=[delivery.message_id])
    client.get(page)
    with connection.execute_wrapper(alone := Counted()):
        client.get(page)
    one = Delivery.objects.get()
    for number in range(1, 15):
        tried(one, number, "retry", f"Panne {number}")
    for _ in range(4):
        accepted(submission(subject=event.subject))
    Delivery.objects.update(message_id=one.message_id)
    with connection.execute_wrapper(many := Counted()):
        client.get(page)
    assert many.number == alone.number <= 10
