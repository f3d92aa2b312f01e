from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    ROUTED = "routed", _("aiguillé")
    UNROUTED = "unrouted", _("sans destinataire")


class Message(models.Model):
    """An accepted event, as it was received; only `state` may ever change (a trigger says so)."""

    id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    source = models.TextField()
    event_id = models.TextField()
    type = models.TextField()
    subject = models.TextField()
    authority = models.TextField()
    sequence = models.BigIntegerField(null=True)
    correlation_id = models.TextField(null=True)  # noqa: DJ001 (absent is not empty)
    state = models.TextField(choices=MessageState.choices)
    payload = models.TextField()

    class Meta:
        managed = False
        db_table = "journal_message"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.source}/{self.event_id}"


class Entry(models.Model):
    """One line of the journal: written once, never changed nor deleted (triggers say so)."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    actor = models.TextField()
    message_id = models.UUIDField(null=True)
    delivery_id = models.UUIDField(null=True)
    application = models.TextField(null=True)  # noqa: DJ001
    detail = models.JSONField()

    class Meta:
        managed = False
        db_table = "journal_entry"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
