"""What the worker does for the cases by itself."""

from procrastinate.contrib.django import app

from etoile.gru.cases import promises


@app.periodic(cron="7 * * * *")
@app.task(name="cases.warn_teams", queueing_lock="cases.warn_teams")
def warn_teams(timestamp: int) -> None:
    """Answers promised within a time that become due or late."""
    promises.warn_teams()
