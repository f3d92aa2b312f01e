"""One alarm for each cause: opened when it is sure, told once, closed by itself when it is gone for good."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import resolve
from django.utils import translation

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.models import Delivery, Poll, Quarantined
from etoile.hub.journal.models import Entry
from etoile.hub.journal.services import record
from etoile.hub.reconciliation.models import Report
from etoile.hub.watch import alarms, causes, jobs, words
from etoile.hub.watch.causes import Cause, Check
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Alarm, AlarmKind, Job, Notice
from tests.hub.watch.conftest import id_of, now, statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _recipients(settings):
    settings.HUB_ALARM_EMAILS = ("astreinte@ville.example",)


class Trouble:
    """A check that says what the test says."""

    def __init__(self, *kinds):
        self.causes, self.fails = [], False
        self.checks = (Check("trouble", kinds or (AlarmKind.DEAD,), self.look),)

    def look(self, cursor, snapshot, at):
        if self.fails:
            cursor.execute("SELECT 1 / 0")
        yield from self.causes


def dead(count=1, key="dead:voirie-demandes"):
    return Cause(AlarmKind.DEAD, key, count, {"name": "Voirie", "subscription": "voirie-demandes"})


def told():
    return [(each.what, each.recipient) for each in Notice.objects.all()]


def kinds():
    return sorted(alarm.kind for alarm in alarms.opened())


def entries():
    return list(Entry.objects.filter(kind__startswith="alarm.").order_by("number").values_list("kind", flat=True))


def test_a_cause_is_one_alarm_told_once_however_many_messages_and_looks():
    at, trouble = now(), Trouble()
    for minutes, number in ((0, 1), (1, 140), (2, 142)):
        trouble.causes = [dead(number)]
        alarms.evaluate(at + minutes * MINUTE, trouble.checks)
    [alarm] = alarms.opened()
    assert (alarm.count, alarm.cause, alarm.opened_at) == (142, "dead:voirie-demandes", at)
    assert alarm.words.startswith("142 envois vers « Voirie » ont épuisé leurs essais")
    assert told() == [("opened", "astreinte@ville.example")]
    assert entries() == ["alarm.opened"]


def test_it_closes_by_itself_when_the_cause_is_gone_for_five_minutes_and_says_so():
    at, trouble = now(), Trouble()
    trouble.causes = [dead()]
    alarms.evaluate(at, trouble.checks)
    trouble.causes = []
    alarms.evaluate(at + 1 * MINUTE, trouble.checks)
    alarms.evaluate(at + 5 * MINUTE, trouble.checks)
    assert kinds() == ["dead"]
    alarms.evaluate(at + 6 * MINUTE, trouble.checks)
    assert kinds() == []
    assert [what for what, _ in told()] == ["opened", "closed"]
    assert entries() == ["alarm.opened", "alarm.closed"]


def test_a_cause_that_comes_and_goes_is_the_same_alarm():
    at, trouble = now(), Trouble()
    for minutes in range(0, 20, 4):
        trouble.causes = [dead()]
        alarms.evaluate(at + minutes * MINUTE, trouble.checks)
        trouble.causes = []
        alarms.evaluate(at + (minutes + 2) * MINUTE, trouble.checks)
    assert Alarm.objects.count() == 1
    assert [what for what, _ in told()] == ["opened"]


def test_a_cause_that_comes_back_after_its_end_is_a_new_alarm():
    at, trouble = now(), Trouble()
    for start in (0, 60):
        trouble.causes = [dead()]
        alarms.evaluate(at + start * MINUTE, trouble.checks)
        trouble.causes = []
        alarms.evaluate(at + (start + 1) * MINUTE, trouble.checks)
        alarms.evaluate(at + (start + 7) * MINUTE, trouble.checks)
    assert Alarm.objects.filter(closed_at__isnull=False).count() == 2
    assert [what for what, _ in told()] == ["opened", "closed"] * 2


def test_what_lasts_is_told_again_once_a_day():
    at, trouble = now(), Trouble()
    trouble.causes = [dead()]
    for hours in range(0, 50, 5):
        alarms.evaluate(at + timedelta(hours=hours), trouble.checks)
    assert [what for what, _ in told()] == ["opened", "reminder"]
    alarms.evaluate(at + timedelta(hours=50), trouble.checks)
    assert [what for what, _ in told()] == ["opened", "reminder", "reminder"]


def test_a_doubtful_cause_is_only_suspected_until_it_lasts():
    at, trouble = now(), Trouble(AlarmKind.SEAL)
    trouble.causes = [Cause(AlarmKind.SEAL, "seal", 4, {"since": at.isoformat()})]
    alarms.evaluate(at, trouble.checks)
    assert (kinds(), told()) == ([], [])
    alarms.evaluate(at + MINUTE, trouble.checks)
    assert kinds() == ["seal"]
    trouble.causes = []
    alarms.evaluate(at + 10 * MINUTE, trouble.checks)
    trouble.causes = [Cause(AlarmKind.POLL, "poll:x", 1, {"name": "X", "subscription": "x"})]
    alarms.evaluate(at + 20 * MINUTE, trouble.checks)
    trouble.causes = []
    alarms.evaluate(at + 21 * MINUTE, trouble.checks)
    assert not Alarm.objects.filter(kind="poll").exists()


def test_a_check_that_fails_closes_nothing_and_is_an_alarm_itself():
    at, trouble = now(), Trouble()
    trouble.causes = [dead()]
    alarms.evaluate(at, trouble.checks)
    trouble.fails = True
    for minutes in (10, 20, 30):
        alarms.evaluate(at + minutes * MINUTE, trouble.checks)
    assert kinds() == ["blind", "dead"]


def test_the_database_refuses_two_open_alarms_of_one_cause():
    at = now()
    values = {"kind": "dead", "cause": "dead:x", "words": "x", "first_seen_at": at, "seen_at": at}
    Alarm.objects.create(**values, closed_at=at)
    Alarm.objects.create(**values)
    with pytest.raises(Exception, match="watch_alarm_one_open"):
        Alarm.objects.create(**values)


@pytest.mark.parametrize("state", ["dead", "rejected"])
def test_what_waits_for_a_person_is_counted_by_subscription(past, state):
    at = now()
    for _ in range(3):
        past.delivery(at - timedelta(hours=2), state=state)
    past.delivery(at, to="famille-demandes", state=state)
    alarms.evaluate(at, CHECKS)
    assert {alarm.cause: alarm.count for alarm in alarms.opened()} == {
        f"{state}:voirie-demandes": 3,
        f"{state}:famille-demandes": 1,
    }


def test_a_delivery_that_waits_longer_than_the_setting_is_an_alarm(past, settings):
    at = now()
    settings.HUB_ALARM_OLDEST_MINUTES = 30
    past.delivery(at - timedelta(minutes=31), state="retry_scheduled")
    past.delivery(at - timedelta(minutes=29), to="famille-demandes", state="pending")
    alarms.evaluate(at, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.cause, alarm.detail["application"]) == ("oldest:voirie-demandes", "voirie")
    assert alarm.words == "Un envoi vers « Services techniques » attend depuis 31 minutes (abonnement voirie-demandes)."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unavailable", "« Services techniques » ne répond plus depuis 2 heures"),
        (
            "configuration",
            "Plus rien ne peut partir vers « Services techniques » depuis 2 heures : un réglage est à corriger, 3",
        ),
    ],
)
def test_an_open_circuit_is_the_one_cause_of_all_that_waits_for_it(past, reason, words):
    at = now()
    for _ in range(3):
        past.delivery(at - timedelta(hours=2), state="retry_scheduled")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_circuit (subscription_id, state, reason, since, next_probe)"
            " VALUES (%s, 'open', %s, %s, %s)",
            [subscription("voirie-demandes"), reason, at - timedelta(hours=2), at],
        )
    alarms.evaluate(at, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.cause, alarm.count) == ("circuit:voirie-demandes", 3)
    assert alarm.words.startswith(words)


def test_what_waits_behind_a_dead_delivery_is_not_another_alarm(past):
    at = now()
    past.delivery(at - timedelta(hours=3), state="dead", subject="case/1")
    behind = past.delivery(at - timedelta(hours=2), state="pending", subject="case/1")
    Delivery.objects.filter(pk=behind.pk).update(due=None)
    alarms.evaluate(at, CHECKS)
    assert kinds() == ["dead"]


def test_messages_without_a_receiver_are_one_alarm(past):
    at = now()
    for _ in range(4):
        past.message(at - timedelta(hours=1), source="gru", subject="case/1", state="unrouted")
    past.message(at, source="gru", subject="case/1", state="kept")
    for minutes in (0, 2):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.cause, alarm.count, alarm.words) == ("unrouted", 4, "4 messages n’ont aucun destinataire.")


def test_answers_in_quarantine_are_an_alarm_when_nothing_places_them(past):
    at = now()
    for number in (b"1", b"2"):
        Quarantined.objects.create(
            id=uuid7(), at=at, seen_at=at, application_id=id_of("voirie"), status="in_progress", reason="unknown_case",
            digest=number, external_id="N-1", state="waiting", content={"message": "Mme Canari"},
        )  # fmt: skip
    for minutes in (0, 4, 5):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
        assert ("quarantine" in kinds()) == (minutes == 5)
    alarm = Alarm.objects.get(kind="quarantine")
    assert (alarm.cause, alarm.count) == ("quarantine:voirie", 2)
    assert "Canari" not in str(Notice.objects.get(alarm=alarm).content)


def test_a_returned_file_that_cannot_be_read_is_an_alarm_of_its_own_at_once(past):
    at = now()
    Quarantined.objects.create(
        id=uuid7(), at=at, seen_at=at, application_id=id_of("voirie"), status="", reason="unreadable",
        digest=b"1", external_id="retour.csv", state="waiting", detail="Ligne 2 : 3 cases, et non 4.",
    )  # fmt: skip
    alarms.evaluate(at, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.kind, alarm.cause, "retour.csv" in alarm.words) == ("unreadable", "unreadable:voirie", True)


def test_entries_not_sealed_for_too_long_are_an_alarm(town):
    with connection.cursor() as cursor:
        record(cursor, "test.written", actor="test")
    at = now() + timedelta(minutes=2)
    for minutes in (0, 2):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
    assert kinds() == ["seal"]


def test_accounts_that_do_not_tally_are_an_alarm_until_they_are_made_again(town):
    at = now()
    counted = dict.fromkeys(("entries", "messages", "routed", "unrouted", "kept"), 1)
    Report.objects.create(day=at.date(), made_at=at, differences=3, **counted)
    alarms.evaluate(at, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.kind, alarm.count) == ("reconciliation", 3)
    Report.objects.create(day=at.date(), made_at=at, differences=0, **counted)
    for minutes in (1, 7):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
    assert kinds() == []


def test_a_scheduled_job_that_does_not_succeed_is_an_alarm(town):
    at = now()
    Job.objects.create(name="retention", enrolled_at=at - timedelta(days=3), due=at)
    for minutes in (0, 2):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
    [alarm] = alarms.opened()
    assert (alarm.cause, alarm.words) == (
        "job:retention",
        "La tâche programmée « retention » n’a pas abouti depuis 3 jours.",
    )
    Job.objects.filter(name="retention").update(last_succeeded=at)
    assert jobs.late([], at) == []


def test_an_application_that_cannot_be_asked_for_long_is_an_alarm(town):
    at = now()
    Poll.objects.create(subscription_id=subscription("voirie-demandes"), due=at, last_error="away")
    for minutes in (0, 29, 30):
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
        assert ("poll" in kinds()) == (minutes == 30)


def subscription(slug):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_subscription WHERE slug = %s", [slug])
        return cursor.fetchone()[0]


def test_the_look_costs_the_same_whatever_waits(past):
    at = now()
    past.delivery(at - timedelta(hours=2), state="dead")
    causes.look(at, CHECKS)
    with statements() as few:
        causes.look(at, CHECKS)
    for _ in range(30):
        past.delivery(at - timedelta(hours=2), state="dead")
    with statements() as many:
        causes.look(at, CHECKS)
    assert few() == many()


def test_every_kind_has_its_words_in_both_languages_and_a_page_that_exists(town, settings):
    at = now()
    facts = {
        "name": "Voirie", "subscription": "voirie-demandes", "application_id": id_of("voirie"), "job": "seal",
        "check": "x", "day": "2026-11-24", "report": 7, "application": "voirie",
        "file": "retour.csv", "secret": "client_certificate", "lookup": "", "ends": at.isoformat(),
        "since": (at - timedelta(days=3)).isoformat(),
    }  # fmt: skip
    seen = set()
    for kind in AlarmKind:
        for count in (1, 142):
            for language in ("fr", "en"):
                with translation.override(language):
                    said = words.say(kind, facts, count, at)
                assert "%(" not in said.what + said.todo
                assert resolve(said.link.removeprefix(settings.HUB_PUBLIC_URL).partition("?")[0])
                seen.add(said.what)
    assert len(seen) >= 2 * len(AlarmKind)


def test_the_silence_of_an_application_is_said_as_people_say_it():
    at = now()
    facts = {"name": "Urbanisme", "of": "status", "since": (at - timedelta(days=3, hours=2)).isoformat()}
    with_words = words.say(AlarmKind.SILENT, facts, 142, at)
    assert with_words.what == "Aucun statut de « Urbanisme » depuis 3 jours, 142 demandes attendent."


@pytest.mark.exigence("A11Y-32")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_alarm_is_told_in_text_and_in_html_that_say_the_same(past, settings, language):
    settings.HUB_ALARM_LANGUAGE = language
    at = now()
    past.delivery(at - timedelta(hours=2), state="dead")
    alarms.evaluate(at, CHECKS)
    content = Notice.objects.get(channel="email").content
    html = content["html"]
    assert f'<html lang="{language}">' in html
    assert (html.count("<h1"), html.count("<main>"), html.count("<a ")) == (1, 1, 1)
    told = unescape(re.sub(r"<[^>]+>", " ", html))
    for line in content["text"].splitlines():
        assert line.removeprefix("-- ").strip() in told


def test_no_personal_data_is_in_what_is_told(past):
    at = now()
    past.delivery(at - timedelta(hours=2), state="dead", subject="case/secret", detail="Mme Canari 0612345678")
    alarms.evaluate(at, CHECKS)
    [notice] = Notice.objects.all()
    assert "Canari" not in str(notice.content)
    assert "case/secret" not in str(notice.content)
