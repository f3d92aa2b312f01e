"""Each night: what ended by itself."""

from procrastinate.contrib.django import app

from etoile.gru.ties import forgetting


@app.periodic(cron="52 3 * * *")
@app.task(name="ties.forget", queueing_lock="ties.forget")
def forget(timestamp: int) -> None:
    forgetting.forget()
