import getpass
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.hub.journal.management.said import as_json, as_table, leave
from etoile.hub.watch import jobs
from etoile.hub.watch.duties import DUTIES, late
from etoile.hub.watch.models import Job

COLUMNS = ("due", "lease_until", "last_started", "last_succeeded", "last_failed", "failures", "last_error",
           "duration_ms", "worker", "said")  # fmt: skip


class Command(BaseCommand):
    help = "What the hub does by itself: when each job ran and how it went; or run one now. Status 1 when one is late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", nargs="?", choices=("run",))
        parser.add_argument("name", nargs="?")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, verb: str | None, name: str | None, json: bool, **options: Any) -> None:
        if verb == "run":
            self._run(name)
        else:
            self._list(json)

    def _run(self, name: str | None) -> None:
        duty = next((each for each in DUTIES if each.name == name), None)
        if duty is None:
            raise CommandError(f"There is no job {name}. They are: {', '.join(each.name for each in DUTIES)}.")
        jobs.enrol([duty])
        taken = jobs.take([duty], f"{getpass.getuser()} (command line)", at_once=True)
        if taken is None:
            raise CommandError(f"{name} is running elsewhere at this moment.")
        done = jobs.run(taken)
        row = Job.objects.get(name=duty.name)
        self.stdout.write(f"{name}: {row.said or 'nothing to do'}." if done else f"{name} failed: {row.last_error}")
        if not done:
            leave()

    def _list(self, json: bool) -> None:
        overdue = {job.name for job in late(datetime.now(UTC))}
        known = {job.name: job for job in Job.objects.all()}
        if json:
            as_json(self.stdout, [_whole(duty.name, known.get(duty.name), overdue) for duty in DUTIES])
        else:
            as_table(self.stdout, [_line(duty.name, known.get(duty.name), overdue) for duty in DUTIES])
            if not known:
                self.stdout.write("No job has run yet: is a worker running?")
        if overdue:
            leave()


def _line(name: str, job: Job | None, overdue: set[str]) -> dict[str, Any]:
    if job is None:
        return {"job": name, "state": "never", "last success": None, "took": None, "due": None, "says": None}
    return {
        "job": name,
        "state": "LATE" if name in overdue else _state(job),
        "last success": job.last_succeeded,
        "took": f"{job.duration_ms} ms" if job.duration_ms is not None else None,
        "due": job.due,
        "says": job.last_error or job.said,
    }


def _state(job: Job) -> str:
    if job.failures:
        return "failing"
    if job.lease_until:
        return "running"
    return "ok" if job.last_succeeded else "to come"


def _whole(name: str, job: Job | None, overdue: set[str]) -> dict[str, Any]:
    return {"name": name, "late": name in overdue, **{column: getattr(job, column, None) for column in COLUMNS}}
