from django.utils import timezone
from procrastinate.contrib.django import app

from etoile.gru.access import unsent
from etoile.gru.access.models import OpenSession


@app.periodic(cron="37 3 * * *")
@app.task(name="access.forget_sessions", queueing_lock="access.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    OpenSession.objects.filter(expire_date__lt=timezone.now()).delete()


@app.periodic(cron="*/20 * * * *")
@app.task(name="access.forget_late_forms", queueing_lock="access.forget_late_forms")
def forget_late_forms(timestamp: int) -> None:
    unsent.forget()
