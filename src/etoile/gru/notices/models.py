"""What was told to whom, and whether it left."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class State(models.TextChoices):
    """`delivered` and `bounced` come with the return of the mail servers, in a later issue."""

    CREATED = "created", _("à envoyer")
    SENDING = "sending", _("envoi en cours")
    SENT = "sent", _("envoyé")
    FAILED = "failed", _("échec, à reprendre")
    PORTAL_ONLY = "portal_only", _("visible en ligne seulement")


class Notice(models.Model):
    """One notice. What it says (`template`, `context`, `created_at`) is evidence: a trigger refuses to change it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    # The case is in a room above: its identifier only.
    case_id = models.UUIDField(null=True)
    template = models.CharField(max_length=40)
    context = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="fr")
    recipient_name = models.CharField(max_length=200, default="")
    recipient_email = models.EmailField(default="")
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CREATED)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints = [models.CheckConstraint(name="notices_state_known", condition=models.Q(state__in=State.values))]
        indexes = [
            models.Index(name="notices_by_case", fields=["case_id", "created_at"]),
            models.Index(
                name="notices_open",
                fields=["created_at"],
                condition=models.Q(state__in=["created", "sending", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"
