"""What the worker does for the contracts by itself."""

from procrastinate.contrib.django import app

from etoile.gru.contracts import telling


@app.periodic(cron="* * * * *")
@app.task(name="contracts.tell", queueing_lock="contracts.tell")
def tell(timestamp: int) -> None:
    """Changes of people, told to those whose contract reads them."""
    telling.tell()
