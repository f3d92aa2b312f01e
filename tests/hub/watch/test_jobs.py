"""One process at a time runs each job, a killed one's job is taken up again, and a late one is seen."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from etoile.hub.watch import duties, jobs
from etoile.hub.watch.jobs import Daily, Duty, Every
from etoile.hub.watch.models import Job
from etoile.hub.watch.rounds import Rounds

PARIS = timezone.get_default_timezone()


def local(*values):
    return datetime(*values, tzinfo=PARIS)


def duty(work=lambda now: "done", *, name="test", seconds=60.0, tolerance=30.0, lane="test", at_start=True):
    return Duty(name, Every(seconds), work, lane, tolerance, at_start)


def row(name="test"):
    return Job.objects.get(name=name)


def lease_ends(name="test"):
    Job.objects.filter(name=name).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_run_is_written_with_what_it_did_and_the_next_is_a_period_later():
    one = duty()
    jobs.enrol([one])
    assert jobs.run(jobs.take([one], "w1"))
    job = row()
    assert (job.said, job.failures, job.lease_until, job.worker) == ("done", 0, None, "w1")
    assert job.last_succeeded >= job.last_started
    assert job.due - job.last_succeeded > timedelta(seconds=50)
    assert jobs.take([one], "w1") is None


@pytest.mark.django_db
def test_a_job_that_is_leased_is_not_lent_twice():
    one = duty()
    jobs.enrol([one])
    assert jobs.take([one], "w1").token == 1
    assert jobs.take([one], "w2") is None
    assert jobs.take([one], "w2", at_once=True) is None


@pytest.mark.django_db
def test_the_job_of_a_killed_worker_is_taken_up_and_its_late_word_changes_nothing():
    one = duty()
    jobs.enrol([one])
    killed = jobs.take([one], "w1")
    lease_ends()
    assert jobs.take([one], "w2").token == 2
    jobs.run(killed)
    job = row()
    assert (job.last_succeeded, job.worker, job.token) == (None, "w2", 2)
    assert job.lease_until > datetime.now(UTC)


@pytest.mark.django_db
def test_a_failure_is_kept_in_words_and_the_job_comes_back():
    def fail(now):
        raise ValueError("no disk")

    one = duty(fail)
    jobs.enrol([one])
    assert jobs.run(jobs.take([one], "w1")) is False
    job = row()
    assert (job.failures, job.last_error, job.last_succeeded) == (1, "ValueError: no disk", None)
    assert job.due > datetime.now(UTC)


@pytest.mark.django_db
def test_a_job_is_late_after_its_period_and_its_own_tolerance():
    one = duty(seconds=60, tolerance=30)
    jobs.enrol([one])
    since = row().enrolled_at
    assert jobs.late([one], since + timedelta(seconds=89)) == []
    assert jobs.late([one], since + timedelta(seconds=91)) == [row()]
    jobs.run(jobs.take([one], "w1"))
    assert jobs.late([one], row().last_succeeded + timedelta(seconds=89)) == []


@pytest.mark.django_db
def test_enrolling_again_changes_nothing_and_what_is_not_ours_is_forgotten():
    jobs.enrol([duty(), duty(name="old", at_start=False)])
    before = list(Job.objects.values())
    jobs.enrol([duty(), duty(name="old")])
    assert list(Job.objects.values()) == before
    jobs.forget([duty()])
    assert list(Job.objects.values_list("name", flat=True)) == ["test"]


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (local(2026, 11, 27, 7, 59), local(2026, 11, 27, 8)),
        (local(2026, 11, 27, 8), local(2026, 11, 28, 8)),
        # The clock goes forward on 29 March 2026: a day of 23 hours.
        (local(2026, 3, 28, 12), local(2026, 3, 29, 8)),
        (local(2026, 10, 24, 12), local(2026, 10, 25, 8)),
    ],
)
def test_a_daily_job_keeps_its_local_hour(now, following):
    assert Daily(8).following(now) == following


def test_the_jobs_of_the_hub_have_names_of_their_own():
    names = [each.name for each in duties.DUTIES]
    assert len(set(names)) == len(names)
    assert {each.lane for each in duties.DUTIES} == {duties.SHORT, duties.LONG, duties.NETWORK}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_take_at_the_same_time_do_not_share_a_job():
    several = [duty(name=f"test-{rank}") for rank in range(8)]
    jobs.enrol(several)
    taken, together = [], threading.Barrier(4)

    def grab(worker):
        together.wait()
        while (found := jobs.take(several, worker)) is not None:
            taken.append(found.duty.name)
        connection.close()

    threads = [threading.Thread(target=grab, args=(f"w{rank}",)) for rank in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"test-{rank}" for rank in range(8)]


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease_and_delays_no_other_lane(monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", 0.3)
    release, quick, prolonged = threading.Event(), threading.Event(), threading.Event()

    def long(now):
        connection.close()
        assert release.wait(60)
        return "long"

    def short(now):
        quick.set()
        return "short"

    rounds = Rounds("w1", [duty(long, name="long", lane="a"), duty(short, name="short", lane="b", seconds=0.01)])
    rounds.start()
    try:
        assert quick.wait(60)
        first = None
        for _ in range(1000):
            lease = Job.objects.filter(name="long").values_list("lease_until", flat=True).first()
            first = first or lease
            if lease and first and lease > first:
                prolonged.set()
                break
            release.wait(0.01)
        assert prolonged.is_set()
    finally:
        release.set()
        rounds.stop(20)
    assert row("long").said == "long"
