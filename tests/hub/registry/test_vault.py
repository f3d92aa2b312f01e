import pytest
from django.db import connection

from etoile.hub.registry.models import Application, Subscription
from etoile.hub.registry.services import reencrypt
from etoile.hub.registry.vault import UndecipherableError, decrypt, encrypt

pytestmark = pytest.mark.django_db


def in_clear(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({column}, ' ') FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def subscription(town) -> Subscription:
    subscription = Subscription.objects.get(slug="voirie-demandes")
    subscription.secrets = {"key": "a secret of the street"}
    subscription.save()
    return subscription


def test_secrets_are_ciphertext_in_the_database(subscription) -> None:
    assert "street" not in in_clear("registry_subscription", "secrets")
    document_secret = Application.objects.get(slug="gru").document_secret
    assert document_secret
    assert document_secret not in in_clear("registry_application", "document_secret")
    assert Subscription.objects.get(pk=subscription.pk).secrets == {"key": "a secret of the street"}


def test_a_new_key_reads_what_the_old_one_wrote_then_replaces_it(subscription, settings) -> None:
    old = list(settings.HUB_ENCRYPTION_KEYS)
    settings.HUB_ENCRYPTION_KEYS = ["a brand new key, long enough to be one", *old]
    assert reencrypt() == Application.objects.count() + Subscription.objects.count()
    settings.HUB_ENCRYPTION_KEYS = settings.HUB_ENCRYPTION_KEYS[:1]
    assert Subscription.objects.get(pk=subscription.pk).secrets == {"key": "a secret of the street"}
    assert Application.objects.get(slug="gru").pairwise_key


def test_the_wrong_key_is_said_to_be_the_wrong_key(settings) -> None:
    sealed = encrypt("a secret")
    settings.HUB_ENCRYPTION_KEYS = ["another key altogether, and long enough"]
    with pytest.raises(UndecipherableError, match="HUB_ENCRYPTION_KEY"):
        decrypt(sealed)
