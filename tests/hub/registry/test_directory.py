import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from etoile.hub.registry import directory
from etoile.hub.registry.models import Application, Subscription

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def current() -> directory.Snapshot:
    with connection.cursor() as cursor:
        return directory.current(cursor)


def test_the_snapshot_is_read_once_until_something_changes() -> None:
    first = current()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert current() is first
    assert len(captured) == 1
    Application.objects.filter(slug="voirie").update(name="Autre nom")
    assert current().application("voirie").name == "Autre nom"


def test_a_known_version_costs_no_statement() -> None:
    held = current()
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        assert directory.current(cursor, version=held.version) is held
    assert len(captured) == 0


def test_a_change_rolled_back_leaves_no_trace_in_the_snapshot() -> None:
    point = transaction.savepoint()
    Application.objects.filter(slug="voirie").update(name="Jamais")
    assert current().application("voirie").name == "Jamais"
    transaction.savepoint_rollback(point)
    Application.objects.filter(slug="voirie").update(name="Pour de bon")
    assert current().application("voirie").name == "Pour de bon"


def test_a_subscription_is_seen_with_all_that_delivering_needs() -> None:
    (view,) = current().subscriptions_for("org.etoile.case.status_changed.v1")
    assert (view.slug, view.application.slug, view.connector, view.pull) == ("gru-statuts", "gru", "mailbox", True)
    assert view.policy.lease > view.policy.timeout
    assert current().subscription(view.id) is view


def test_what_is_secret_is_not_in_the_words_of_a_view() -> None:
    gru = current().application("gru")
    assert gru.document_secret
    assert gru.document_secret not in repr(gru)
    assert gru.pairwise_key not in repr(gru)


def test_a_subscription_switched_off_or_of_a_withdrawn_application_is_inactive() -> None:
    Subscription.objects.filter(slug="gru-statuts").update(active=False)
    Application.objects.filter(slug="voirie").update(is_active=False)
    active = {each.slug: each.active for each in current().subscriptions.values()}
    assert active == {"gru-statuts": False, "voirie-demandes": False, "famille-demandes": True}


def test_the_hub_may_say_what_became_of_a_message() -> None:
    assert current().application("hub").emits == {"org.etoile.handoff.changed.v1"}
