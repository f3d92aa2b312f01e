"""What the command line says of alarms and jobs, and the status a script reads."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from etoile.hub.watch import alarms, duties, jobs
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import Alarm, Hour, Job, Notice
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
    assert said(capsys, "hub_jobs")[1] == 0
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
    assert next(each for each in duties.DUTIES if each.name == "purge").work(at) == "2 rows"
    assert not Alarm.objects.filter(pk=closed.pk).exists()
    assert list(Notice.objects.values_list("key", flat=True)) == ["waiting"]
    assert not Job.objects.exists()
