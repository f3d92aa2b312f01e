"""What waits to be published to the hub, and what became of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """`refused` is the hub's answer to this very event: its subject waits until someone retries or cancels it."""

    PENDING = "pending", _("en attente")
    SENT = "sent", _("remis au concentrateur")
    REFUSED = "refused", _("refusé par le concentrateur")
    CANCELLED = "cancelled", _("abandonné sur décision")


OPEN = (State.PENDING, State.REFUSED)


class OutgoingEvent(models.Model):
    """One event of ours. `body` is the event exactly as published: a repeat must be the same bytes for the hub."""

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, editable=False)
    type = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    authority = models.CharField(max_length=14)
    sequence = models.BigIntegerField(null=True)
    body = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    # How many deliveries the hub made of it when it took it; null: not told. None made, no application receives it.
    receivers = models.PositiveIntegerField(null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    problem = models.JSONField(null=True)
    reason = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_event"
        constraints = [
            models.CheckConstraint(name="outbox_state_known", condition=models.Q(state__in=State.values)),
            models.CheckConstraint(
                name="outbox_cancelled_with_reason", condition=~models.Q(state="cancelled") | ~models.Q(reason="")
            ),
        ]
        indexes = [
            models.Index(
                name="outbox_open", fields=["subject", "position"], condition=models.Q(state__in=["pending", "refused"])
            ),
            models.Index(name="outbox_waiting", fields=["position"], condition=models.Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id} ({self.state})"
