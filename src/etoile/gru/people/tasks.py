"""What the worker does at night."""

from procrastinate.contrib.django import app

from etoile.gru.access.models import Authority
from etoile.gru.people import figures


@app.periodic(cron="37 2 * * *")
@app.task(name="people.figures", queueing_lock="people.figures")
def count(timestamp: int) -> None:
    for authority in Authority.objects.order_by("pk"):
        figures.count(authority)
