"""Each night: the windows that have ended."""

from procrastinate.contrib.django import app

from etoile.gru.throttles import services


@app.periodic(cron="47 3 * * *")
@app.task(name="throttles.forget", queueing_lock="throttles.forget")
def forget(timestamp: int) -> None:
    services.forget()
