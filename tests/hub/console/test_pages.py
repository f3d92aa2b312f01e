"""The operator sees what waits and why, and decides with a written reason."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.schedule import DELAYS
from etoile.hub.journal.models import Entry
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept
from tests.hub.conftest import submission

PAGES = ["console:overview", "console:deliveries", "console:messages", "console:applications"]


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_sign_in(client, db, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith("/console/connexion/")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_on_an_empty_hub(client, operator, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_sign_in_page_says_what_is_wrong(client, db):
    answer = client.post("/console/connexion/", {"username": "x@example.org", "password": "non"})
    assert answer.status_code == 200
    assert "Erreur" in answer.content.decode()


def test_too_many_wrong_passwords_are_answered_in_plain_words(client, db):
    for _ in range(6):
        answer = client.post("/console/connexion/", {"username": "x@example.org", "password": "non"})
    assert answer.status_code == 429
    assert "Connexion suspendue" in answer.content.decode()


def test_a_waiting_delivery_is_shown_with_its_reference_and_its_application(client, operator, delivery, event):
    page = client.get(reverse("console:deliveries"), {"state": "waiting"}).content.decode()
    assert event.data["case"]["reference"] in page
    assert "Services techniques" in page
    assert "en attente" in page


def test_a_message_is_found_by_the_reference_of_its_case(client, operator, delivery, event):
    found = client.get(reverse("console:messages"), {"q": event.data["case"]["reference"].lower()}).content.decode()
    assert reverse("console:message", args=[delivery.message_id]) in found
    none = client.get(reverse("console:messages"), {"q": "99-ZZZZ-9"}).content.decode()
    assert reverse("console:message", args=[delivery.message_id]) not in none


def test_the_content_of_a_message_opens_only_by_an_act_kept_in_the_journal(client, operator, delivery, event):
    closed = client.get(reverse("console:message", args=[delivery.message_id])).content.decode()
    assert event.data["applicant"]["family_name"] not in closed
    opened = client.post(reverse("console:content", args=[delivery.message_id])).content.decode()
    assert event.data["applicant"]["family_name"] in opened
    assert Entry.objects.get(kind="message.opened").actor == operator.email


def test_a_decision_needs_a_reason(client, operator, delivery):
    answer = client.post(reverse("console:decide", args=[delivery.pk]), {"cancel": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Écrivez le motif" in answer.content.decode()
    assert Delivery.objects.get().state == "pending"


def test_a_cancelled_delivery_keeps_its_reason_and_its_author(client, operator, delivery):
    client.post(reverse("console:decide", args=[delivery.pk]), {"cancel": "1", "reason": "Envoyée par erreur"})
    assert Delivery.objects.get().state == "cancelled"
    page = client.get(reverse("console:delivery", args=[delivery.pk])).content.decode()
    assert "Envoyée par erreur" in page
    assert operator.email in page


def test_a_subscription_switched_off_holds_and_switched_on_releases(client, operator, star, delivery):
    switch = reverse("console:switch", args=[star.slug])
    client.post(switch, {"hold": "1", "reason": "Maintenance"})
    assert Delivery.objects.get().state == "held"
    assert not Subscription.objects.get(pk=star.pk).active
    client.post(switch, {"release": "1", "reason": "Fin de maintenance"})
    assert Delivery.objects.get().state == "pending"
    assert Subscription.objects.get(pk=star.pk).active


@pytest.mark.parametrize("name", ["console:deliveries", "console:messages"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    client, operator, star, delivery, django_assert_max_num_queries, name
):
    # One of them counts what waits, for the navigation.
    with django_assert_max_num_queries(9):
        assert client.get(reverse(name)).status_code == 200


def test_a_waiting_delivery_says_which_try_comes_and_what_follows(client, operator, star, delivery):
    later = timezone.now() + timedelta(minutes=5)
    Delivery.objects.update(state="retry_scheduled", attempts=3, due=later)
    page = client.get(reverse("console:delivery", args=[delivery.pk])).content.decode()
    assert f"Essai 4 sur {len(DELAYS)} prévu le" in page
    assert "après 10\u00a0min, 30\u00a0min, 1\u00a0h, 3\u00a0h, 6\u00a0h." in page
    assert f"3 sur {len(DELAYS)}" in client.get(reverse("console:deliveries")).content.decode()


def test_the_tries_are_counted_from_the_last_decision_and_by_the_policy_of_the_subscription(
    client, operator, star, delivery
):
    Subscription.objects.filter(pk=star.pk).update(policy={"delays": [0, 1.5, 90]})
    Delivery.objects.update(state="pending", attempts=3, tries_from=2, due=timezone.now())
    page = client.get(reverse("console:delivery", args=[delivery.pk])).content.decode()
    assert "Essai 2 sur 3 prévu le" in page
    assert "après 90\u00a0s." in page


def test_a_delivery_behind_another_says_so(client, operator, delivery):
    Delivery.objects.update(due=None)
    assert "après celui qui le précède" in client.get(reverse("console:delivery", args=[delivery.pk])).content.decode()


def test_the_list_begins_with_the_oldest_when_asked(client, operator, star, delivery):
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        accept(cursor, submission(), application=snapshot.application("gru"), snapshot=snapshot)
    ids = [str(key) for key in Delivery.objects.order_by("id").values_list("id", flat=True)]
    newest = client.get(reverse("console:deliveries")).content.decode()
    oldest = client.get(reverse("console:deliveries"), {"order": "anciens"}).content.decode()
    assert newest.index(ids[1]) < newest.index(ids[0])
    assert oldest.index(ids[0]) < oldest.index(ids[1])
    after = client.get(reverse("console:deliveries"), {"order": "anciens", "apres": ids[0]}).content.decode()
    assert ids[1] in after
    assert reverse("console:delivery", args=[ids[0]]) not in after


@pytest.mark.parametrize(
    ("state", "words"),
    [("waiting", "tout ce qui devait partir est parti"), ("stuck", "Rien à traiter"), ("dead", "épuisé ses essais")],
)
def test_an_empty_list_says_what_its_emptiness_means(client, operator, state, words):
    assert words in client.get(reverse("console:deliveries"), {"state": state}).content.decode()


def test_the_journal_and_the_types_are_in_words(client, operator, delivery):
    page = client.get(reverse("console:delivery", args=[delivery.pk])).content.decode()
    assert "Accepté par le hub, pour Services techniques" in page
    assert "Demande déposée" in page
    assert "message.accepted" not in page


def test_the_console_tells_its_time_zone_and_its_accessibility_to_anyone(client, db):
    page = client.get(reverse("console:accessibility")).content.decode()
    assert "Europe/Paris" in page
    assert "Accessibilité : non conforme</a>" in page
