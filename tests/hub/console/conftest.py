import pytest
from django.db import connection, transaction

from etoile.hub.delivery.models import Delivery
from etoile.hub.registry import directory
from etoile.hub.registry.models import Operator, Subscription
from etoile.hub.routing.services import accept
from tests.hub.conftest import submission


@pytest.fixture
def operator(client, db):
    person = Operator.objects.create(email="exploitante@example.org", name="Léa Martin", role="administrator")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


@pytest.fixture
def star(town):
    return Subscription.objects.get(slug="voirie-demandes")


@pytest.fixture
def event():
    return submission()


@pytest.fixture
def delivery(star, event):
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        accept(cursor, event, application=snapshot.application("gru"), snapshot=snapshot)
    return Delivery.objects.get()
