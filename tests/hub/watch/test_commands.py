"""What the command line says of alarms and jobs, and the status a script reads."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from oauth2_provider.models import AccessToken

from etoile.hub.journal import retention
from etoile.hub.reconciliation.models import Report
from etoile.hub.watch import alarms, duties, jobs
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Alarm, Hour, Job, Notice
from tests.hub.conftest import token
from tests.hub.watch.conftest import now

pytestmark = pytest.mark.django_db


def said(capsys, *words):
    """What a command prints, and its status."""
    try:
        call_command(*words)
    except SystemExit as left:
        return capsys.readouterr().out, left.code
    return capsys.readouterr().out, 0


def test_nothing_wrong_is_a_status_of_zero(past, capsys):
    assert said(capsys, "hub_alarms") == ("No alarm.\n", 0)
    page, status = said(capsys, "hub_jobs")
    assert (status, "is a worker running?" in page) == (0, True)
    assert said(capsys, "hub_status")[1] == 0


def test_an_alarm_is_said_with_what_to_do_and_the_status_tells(past, capsys):
    past.delivery(now(), state="dead")
    alarms.evaluate(now(), CHECKS)
    page, status = said(capsys, "hub_alarms")
    assert status == 1
    assert "1 delivery to Services techniques has exhausted its tries (subscription voirie-demandes)." in page
    assert "/console/envois/?state=dead" in page
    page, status = said(capsys, "hub_alarms", "--json")
    [alarm] = json.loads(page)
    assert (status, alarm["kind"], alarm["count"]) == (1, "dead", 1)
    page, status = said(capsys, "hub_status")
    assert (status, "ALARM: dead:voirie-demandes" in page) == (1, True)


def test_a_late_job_is_said_and_the_status_tells(past, capsys):
    jobs.enrol(duties.DUTIES)
    page, status = said(capsys, "hub_jobs")
    assert (status, page.count("to come")) == (0, len(duties.DUTIES))
    Job.objects.filter(name="seal").update(enrolled_at=now() - timedelta(hours=1), failures=2, last_error="no disk")
    page, status = said(capsys, "hub_jobs")
    [line] = [line for line in page.splitlines() if line.startswith("seal")]
    assert (status, "LATE" in line, "no disk" in line) == (1, True, True)
    page, status = said(capsys, "hub_jobs", "--json")
    assert (status, {job["name"] for job in json.loads(page) if job["late"]}) == (1, {"seal"})
    page, status = said(capsys, "hub_status")
    assert (status, "LATE: seal" in page) == (1, True)


def test_one_job_runs_at_once_and_says_what_it_did(past, capsys):
    past.delivery(now())
    page, status = said(capsys, "hub_jobs", "run", "figures")
    assert (page, status) == ("figures: 1 hours.\n", 0)
    assert Hour.objects.count() == 1
    assert Job.objects.get(name="figures").last_succeeded is not None


def test_a_job_that_runs_elsewhere_is_not_run_twice(past):
    jobs.enrol(duties.DUTIES)
    jobs.take([duty for duty in duties.DUTIES if duty.name == "figures"], "w1", at_once=True)
    with pytest.raises(CommandError, match="running elsewhere"):
        call_command("hub_jobs", "run", "figures")
    with pytest.raises(CommandError, match="There is no job tea"):
        call_command("hub_jobs", "run", "tea")


def test_a_job_that_fails_says_why(past, capsys, monkeypatch):
    def broken(at):
        raise OSError("no disk")

    monkeypatch.setattr("etoile.hub.watch.management.commands.hub_jobs.DUTIES", [
        jobs.Duty("figures", jobs.Every(60), broken, "long", 60)
    ])  # fmt: skip
    assert said(capsys, "hub_jobs", "run", "figures") == ("figures failed: OSError: no disk\n", 1)


@pytest.mark.parametrize("duty", duties.DUTIES, ids=lambda duty: duty.name)
def test_every_job_runs_on_a_hub_that_has_delivered(past, duty):
    past.delivery(now() - timedelta(days=1))
    past.delivery(now(), state="dead")
    jobs.enrol([duty])
    assert jobs.run(jobs.take([duty], "w1", at_once=True)), Job.objects.get(name=duty.name).last_error


def test_what_the_watch_keeps_of_itself_goes_after_its_time(past):
    at = now()
    long_ago = at - timedelta(days=401)
    closed = Alarm.objects.create(
        kind="dead", cause="dead:x", words="x", first_seen_at=long_ago, seen_at=long_ago, closed_at=long_ago
    )
    for key, due in (("sent", None), ("waiting", at)):
        Notice.objects.create(key=key, what="digest", channel="email", content={}, created_at=long_ago, due=due)
    Job.objects.create(name="of an older version", enrolled_at=at, due=at)
    token("gru", lasts=timedelta(days=-2))
    token("gru")
    Session.objects.create(session_key="old", session_data="", expire_date=long_ago)
    assert next(each for each in duties.DUTIES if each.name == "purge").work(at) == "5 rows"
    assert not Alarm.objects.filter(pk=closed.pk).exists()
    assert list(Notice.objects.values_list("key", flat=True)) == ["waiting"]
    assert not Job.objects.exists()
    assert AccessToken.objects.count() == 1


def test_the_accounts_of_days_on_which_nothing_ran_are_made_too(past):
    accounts = next(each for each in duties.DUTIES if each.name == "reconciliation")
    today = now().date()
    accounts.work(now())
    assert [report.day for report in Report.objects.all()] == [today - timedelta(days=1)]
    Report.objects.update(day=today - timedelta(days=4))
    accounts.work(now())
    assert [(today - report.day).days for report in Report.objects.all()] == [1, 2, 3, 4]
    Report.objects.all().delete()
    accounts.work(now())
    accounts.work(now())
    assert Report.objects.count() == 2


def test_a_month_that_could_not_be_locked_is_tried_again_soon(past, monkeypatch):
    month = retention.Month(date(2020, 1, 1), 0, 0)
    monkeypatch.setattr(retention, "sweep", lambda connection: [])
    monkeypatch.setattr(retention, "due", lambda cursor: [month])
    sweep = next(each for each in duties.DUTIES if each.name == "retention")
    with pytest.raises(duties.Busy, match="2020-01"):
        sweep.work(now())
    monkeypatch.setattr(retention, "due", lambda cursor: [retention.Month(date(2020, 1, 1), 3, 0)])
    assert sweep.work(now()) == "kept: 2020-01: 3 unfinished deliveries, 0 entries not sealed"
