from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="37 3 * * *")
@app.task(name="access.forget_sessions", queueing_lock="access.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
