"""What was counted, kept: one report per run, one line per subscription, one row per difference found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DifferenceKind(models.TextChoices):
    MISSING = "missing", _("acceptée pour cet abonnement, sans envoi")
    UNPROMISED = "unpromised", _("envoi que l'acceptation n'annonçait pas")
    UNRECORDED = "unrecorded", _("message sans trace au journal")
    LOST = "lost", _("au journal, sans message")
    MISSING_THERE = "missing_there", _("reçue selon le hub, absente de l'application")
    UNKNOWN_HERE = "unknown_here", _("dans l'application, inconnue du hub")


class Report(models.Model):
    """The accounts of one day (UTC), as they stood when they were made. `entries`: messages the journal accepted."""

    day = models.DateField()
    made_at = models.DateTimeField()
    entries = models.BigIntegerField()
    messages = models.BigIntegerField()
    routed = models.BigIntegerField()
    unrouted = models.BigIntegerField()
    kept = models.BigIntegerField()
    differences = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-day", "-id"]
        indexes: ClassVar = [models.Index(fields=["-day", "-id"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.day} ({self.pk})"


class Row(models.Model):
    """A subscription that day. `accepted` comes from the journal, the states from the deliveries of the same messages.

    accepted = acknowledged + pending + leased + retry_scheduled + sent + rejected + dead + held + cancelled + missing
    - unpromised. `theirs`: how many things the application says it holds, None when it was not, or could not be, asked.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="rows")
    subscription_id = models.BigIntegerField()
    subscription = models.CharField(max_length=80)
    application = models.CharField(max_length=60)
    accepted = models.BigIntegerField(default=0)
    acknowledged = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    leased = models.BigIntegerField(default=0)
    retry_scheduled = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    dead = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    cancelled = models.BigIntegerField(default=0)
    missing = models.BigIntegerField(default=0)
    unpromised = models.BigIntegerField(default=0)
    theirs = models.BigIntegerField(null=True)
    missing_there = models.BigIntegerField(default=0)
    unknown_here = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["application", "subscription"]
        constraints: ClassVar = [
            models.UniqueConstraint("report", "subscription_id", name="reconciliation_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.accepted}"

    @property
    def differences(self) -> int:
        return self.missing + self.unpromised + self.missing_there + self.unknown_here


class Difference(models.Model):
    """One thing that does not tally, up to a thousand of a kind in a report; the lines count them all."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="found")
    kind = models.CharField(max_length=20, choices=DifferenceKind.choices)
    subscription_id = models.BigIntegerField(null=True)
    message_id = models.UUIDField(null=True)
    delivery_id = models.UUIDField(null=True)
    external_id = models.TextField(blank=True)
    reference = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id or self.external_id}"
