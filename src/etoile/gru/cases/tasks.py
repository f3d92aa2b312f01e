"""What the worker does for the cases by itself."""

from procrastinate.contrib.django import app

from etoile.gru.cases import promises
from etoile.gru.cases.clock import implicit, warnings
from etoile.gru.cases.workflow import firing


@app.periodic(cron="7 * * * *")
@app.task(name="cases.warn_teams", queueing_lock="cases.warn_teams")
def warn_teams(timestamp: int) -> None:
    """Answers promised within a time that become due or late, and decisions that silence is about to make."""
    promises.warn_teams()
    warnings.warn_teams()


@app.periodic(cron="11 * * * *")
@app.task(name="cases.decide_by_silence", queueing_lock="cases.decide_by_silence")
def decide_by_silence(timestamp: int) -> None:
    """Decisions that silence has made. Every hour: midnight is not the same everywhere."""
    implicit.decide_due()


@app.periodic(cron="17 * * * *")
@app.task(name="cases.fire_timers", queueing_lock="cases.fire_timers")
def fire_timers(timestamp: int) -> None:
    """Reminders, escalations and closings that the procedures plan."""
    firing.fire_due()
