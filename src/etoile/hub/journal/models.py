from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    ROUTED = "routed", _("aiguillé")
    UNROUTED = "unrouted", _("sans destinataire")
    KEPT = "kept", _("conservé, personne ne devait le recevoir")


class Message(models.Model):
    """An accepted event, as it was received; only `state` may ever change (a trigger says so).

    `reference`: that of the case it speaks of, so that a search is an index look-up.
    """

    id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    source = models.TextField()
    event_id = models.TextField()
    type = models.TextField()
    subject = models.TextField()
    authority = models.TextField()
    sequence = models.BigIntegerField(null=True)
    correlation_id = models.TextField(null=True)  # noqa: DJ001 (absent is not empty)
    reference = models.TextField(null=True)  # noqa: DJ001
    state = models.TextField(choices=MessageState.choices)
    payload = models.TextField()

    class Meta:
        managed = False
        db_table = "journal_message"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.source}/{self.event_id}"


class Entry(models.Model):
    """One line of the journal: written once, never changed nor deleted (triggers say so).

    `number` follows the order of writing; numbers of transactions that were undone are missing.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    actor = models.TextField()
    message_id = models.UUIDField(null=True)
    delivery_id = models.UUIDField(null=True)
    application = models.TextField(null=True)  # noqa: DJ001
    detail = models.JSONField()
    number = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "journal_entry"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Seal(models.Model):
    """A link of the chain: what `seals` made of the entries numbered after `from_number`, up to `to_number`.

    `marks`: for each entry, in the order of the numbers, the 16 bytes of its key and the first 16 of its hash.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    from_number = models.BigIntegerField()
    to_number = models.BigIntegerField()
    from_key = models.UUIDField()
    to_key = models.UUIDField()
    entries = models.IntegerField()
    marks = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_seal"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {bytes(self.hash).hex()[:12]}"
