"""What the worker does: those written since the last time are compared, every five minutes."""

from procrastinate.contrib.django import app

from etoile.gru.matching import examining


@app.periodic(cron="*/5 * * * *")
@app.task(name="matching.examine", queueing_lock="matching.examine")
def examine(timestamp: int) -> None:
    examining.examine_all()
