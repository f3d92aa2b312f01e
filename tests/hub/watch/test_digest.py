"""Each morning the operators read what the day was, also when all was well."""

from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone, translation

from etoile.hub.reconciliation.models import Report
from etoile.hub.watch import alarms, digest, figures, telling
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Notice, Rhythm
from tests.hub.watch.conftest import id_of

pytestmark = pytest.mark.django_db
PARIS = timezone.get_default_timezone()


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _recipients(settings):
    settings.HUB_ALARM_EMAILS = ("astreinte@ville.example", "dsi@ville.example")


class Page(HTMLParser):
    """What a reader of screens would find."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))


def reported(day, differences=0):
    counted = dict.fromkeys(("entries", "messages", "routed", "unrouted", "kept"), 1)
    Report.objects.create(day=day, made_at=at(25, 1, 30), differences=differences, **counted)


def test_a_quiet_day_is_told_in_a_few_lines(past):
    past.delivery(at(24, 9))
    figures.refresh(at(25, 8))
    reported(at(24, 9).date())
    content = digest.compose(at(25, 8))
    assert content["subject"] == "[Étoile] Le hub, mardi 24 novembre 2026 : tout va bien"
    assert "Tout va bien : rien n’attend de décision, aucune alerte n’est en cours." in content["text"]
    assert "Envois acceptés ce jour-là : 1. Reçus par les applications : 1." in content["text"]
    assert "Derniers comptes, ceux du 24 novembre 2026 : 0 écart(s)." in content["text"]


def test_what_waits_who_is_silent_and_the_alarms_are_in_both_forms(past):
    past.delivery(at(24, 9), state="dead")
    past.delivery(at(24, 10))
    for application in ("voirie",):
        Rhythm.objects.create(
            application_id=id_of(application),
            learned_at=at(24, 3),
            silent_since=at(21, 9),
            silent_of="status",
            waiting=142,
        )
    figures.refresh(at(25, 7))
    alarms.evaluate(at(25, 7), CHECKS)
    reported(at(24, 9).date(), differences=2)
    content = digest.compose(at(25, 8))
    for form in (content["text"], content["html"]):
        assert "1 envoi vers « Services techniques » a épuisé ses essais" in form
        assert "Aucun statut de « Services techniques » depuis 3 jours, 142 demandes attendent." in form
        assert "2 écart(s)" in form
        assert "Tout va bien" not in form
    assert content["subject"].endswith("2 alertes en cours")


def test_it_is_an_accessible_page(past):
    past.delivery(at(24, 9), state="dead")
    figures.refresh(at(25, 7))
    alarms.evaluate(at(25, 7), CHECKS)
    page = Page(digest.compose(at(25, 8))["html"])
    assert dict(page.attributes)["html"]["lang"] == "fr"
    assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("title")) == (1, 1, 1)
    assert all(attributes.get("scope") for tag, attributes in page.attributes if tag == "th")
    assert "caption" in page.tags
    assert not {"img", "script", "link"} & set(page.tags)


def test_it_is_written_once_a_day_for_each_address(past):
    for minute in (0, 20):
        digest.send(at(25, 8, minute))
    assert [each.recipient for each in Notice.objects.all()] == ["astreinte@ville.example", "dsi@ville.example"]
    digest.send(at(26, 8))
    assert Notice.objects.count() == 4


def test_a_setting_stops_it(past, settings):
    settings.HUB_DIGEST = False
    assert digest.send(at(25, 8)) == "nobody asks for it"
    assert not Notice.objects.exists()


def test_it_is_in_english_when_the_operator_wants_so(past, settings):
    settings.HUB_ALARM_LANGUAGE = "en"
    past.delivery(at(24, 9))
    figures.refresh(at(25, 8))
    digest.send(at(25, 8))
    content = Notice.objects.first().content
    assert content["subject"].startswith("[Étoile] The hub, Tuesday 24 November 2026")
    assert '<html lang="en">' in content["html"]
    assert "received (95 % in less than" in content["text"]


def test_it_leaves_as_text_and_html(past, monkeypatch):
    sent = []
    monkeypatch.setattr(telling, "smtp", lambda url: sent.append)
    digest.send(at(25, 8))
    assert telling.send_due(at(25, 8)) == (2, 0)
    assert [part.get_content_type() for part in sent[0].iter_parts()] == ["text/plain", "text/html"]


def test_no_personal_data_is_in_it(past):
    past.delivery(at(24, 9), state="rejected", subject="case/secret", detail="Mme Canari")
    figures.refresh(at(25, 7))
    alarms.evaluate(at(25, 7) + timedelta(hours=1), CHECKS)
    with translation.override("fr"):
        content = str(digest.compose(at(25, 8)))
    assert "Canari" not in content
    assert "case/secret" not in content
