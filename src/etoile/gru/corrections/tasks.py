"""What the worker does for the corrections by itself."""

from procrastinate.contrib.django import app

from etoile.gru.corrections import services


@app.periodic(cron="43 3 * * *")
@app.task(name="corrections.purge", queueing_lock="corrections.purge")
def purge(timestamp: int) -> None:
    """What was typed and never sent."""
    services.purge()
