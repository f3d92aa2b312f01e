"""What the worker does for the opinions by itself."""

from procrastinate.contrib.django import app

from etoile.gru.opinions import services


@app.periodic(cron="23 6 * * *")
@app.task(name="opinions.remind", queueing_lock="opinions.remind")
def remind(timestamp: int) -> None:
    """Those who have three days left to give an opinion."""
    services.remind()
