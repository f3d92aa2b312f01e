"""A certificate of ours is renewed before it ends, because somebody was told in time what to do."""

from datetime import timedelta

import pytest
from django.utils import translation

from etoile.hub.registry.models import Subscription
from etoile.hub.watch import alarms, words
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Notice
from tests.hub.watch.conftest import now
from tests.sdk.certificates import DAY, Authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


@pytest.fixture(autouse=True)
def _recipients(settings):
    settings.HUB_ALARM_EMAILS = ("astreinte@ville.example",)


def keeping(slug, **secrets):
    row = Subscription.objects.get(slug=slug)
    row.secrets = secrets
    row.save()


def test_a_certificate_of_ours_is_told_a_month_before_it_ends_and_once_a_week_after(town):
    at = now()
    soon, late = (Authority().give("ville", at - 300 * DAY, at + days * DAY).pem for days in (20, 40))
    keeping("voirie-demandes", client_certificate=soon, client_key="x")
    keeping("famille-demandes", client_certificate=late, spoilt="-----BEGIN CERTIFICATE-----")
    alarms.evaluate(at, CHECKS)
    [alarm] = [each for each in alarms.opened() if each.kind == "certificate"]
    said = words.of(alarm)
    assert "Notre certificat pour « Services techniques » expire le " in said.what
    assert "(secret « client_certificate », abonnement voirie-demandes)" in said.what
    assert "Demandez-en un nouveau à l’éditeur de l’application. Puis remplacez ce secret et celui" in said.todo
    assert said.link.endswith("/applications/voirie/")
    for days in range(1, 8):
        alarms.evaluate(at + timedelta(days=days), CHECKS)
        assert Notice.objects.filter(alarm=alarm, what="reminder").count() == days // 7
    alarms.evaluate(at + timedelta(days=21), CHECKS)
    alarm.refresh_from_db()
    assert " a expiré le " in words.of(alarm).what
    keeping("voirie-demandes", client_certificate=late, client_key="x")
    # The one of the other application ends within a month by now.
    for minutes in (0, 6):
        alarms.evaluate(at + timedelta(days=22, minutes=minutes), CHECKS)
    alarm.refresh_from_db()
    assert alarm.closed_at is not None


def test_the_same_certificate_in_several_settings_of_an_application_is_one_alarm(town):
    at = now()
    pem = Authority().give("ville", at - 300 * DAY, at + 5 * DAY).pem
    keeping("voirie-demandes", client_certificate=pem)
    other = Subscription.objects.get(slug="voirie-demandes")
    other.pk, other.slug = None, "voirie-suites"
    other.save()
    alarms.evaluate(at, CHECKS)
    [alarm] = [each for each in alarms.opened() if each.kind == "certificate"]
    assert "partout où il sert (2 réglages de cette application)" in words.of(alarm).todo
    with translation.override("en"):
        assert "wherever it is used (2 settings of this application)" in words.of(alarm).todo
    Subscription.objects.all().update(active=False)
    for minutes in (1, 7):
        alarms.evaluate(at + timedelta(minutes=minutes), CHECKS)
    alarm.refresh_from_db()
    assert alarm.closed_at is not None
