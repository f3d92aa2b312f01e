"""What the hub delivered, and what became of it: (source, id) is written once, for ever."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """`recorded`: kept without effect (older, repeated, final case); `quarantined`: waits for its case to be known;
    `waiting`: for its case to be in use again."""

    APPLIED = "applied", _("appliqué")
    RECORDED = "recorded", _("enregistré sans effet")
    QUARANTINED = "quarantined", _("en quarantaine : demande inconnue")
    WAITING = "waiting", _("gardé : la demande est gelée")
    IGNORED = "ignored", _("sans objet ici")
    DISMISSED = "dismissed", _("écarté sur décision")


class IncomingEvent(models.Model):
    source = models.CharField(max_length=120)
    event_id = models.CharField(max_length=120)
    type = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    authority = models.CharField(max_length=14)
    digest = models.BinaryField()
    body = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices)
    why = models.CharField(max_length=300, default="")
    case_id = models.UUIDField(null=True)
    received_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox_event"
        constraints = [
            models.UniqueConstraint(name="inbox_once", fields=["source", "event_id"]),
            models.CheckConstraint(name="inbox_state_known", condition=models.Q(state__in=State.values)),
        ]
        indexes = [
            models.Index(name="inbox_quarantine", fields=["received_at"], condition=models.Q(state="quarantined")),
            models.Index(name="inbox_by_case", fields=["case_id", "received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.type} {self.state}"
