"""What the worker does: the figures of every authority, every ten minutes."""

from procrastinate.contrib.django import app

from etoile.gru.access.models import Authority
from etoile.gru.steering import counting


@app.periodic(cron="*/10 * * * *")
@app.task(name="steering.count", queueing_lock="steering.count")
def count(timestamp: int) -> None:
    for authority in Authority.objects.order_by("pk"):
        counting.count(authority)
