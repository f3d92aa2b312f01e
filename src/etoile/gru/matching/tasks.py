"""What the worker does: those written since the last time are compared, every five minutes; cases that
were being filed while their person was merged follow, every minute."""

from procrastinate.contrib.django import app

from etoile.gru.matching import examining, sweeping


@app.periodic(cron="*/5 * * * *")
@app.task(name="matching.examine", queueing_lock="matching.examine")
def examine(timestamp: int) -> None:
    examining.examine_all()


@app.periodic(cron="* * * * *")
@app.task(name="matching.sweep", queueing_lock="matching.sweep")
def sweep(timestamp: int) -> None:
    sweeping.sweep()
