from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from etoile.gru.audit import services


@app.periodic(cron="53 3 * * *")
@app.task(name="audit.forget", queueing_lock="audit.forget")
def forget(timestamp: int) -> None:
    services.forget(before=timezone.now() - settings.AUDIT_KEPT)
