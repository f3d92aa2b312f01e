"""What was told to whom, and whether it left."""

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class State(models.TextChoices):
    """`withheld`, `grouped` and `portal_only` did not leave by e-mail and will not, nor is anything wrong."""

    CREATED = "created", _("à envoyer")
    SENDING = "sending", _("envoi en cours")
    SENT = "sent", _("envoyé")
    FAILED = "failed", _("échec, à reprendre")
    PORTAL_ONLY = "portal_only", _("visible en ligne seulement")
    WITHHELD = "withheld", _("non envoyé, au choix de la personne")
    GROUPED = "grouped", _("gardé pour un récapitulatif")
    BOUNCED = "bounced", _("revenu, non remis")


# Nothing more leaves for these.
ENDED = frozenset({State.SENT, State.PORTAL_ONLY, State.WITHHELD, State.GROUPED, State.BOUNCED})


class Wish(models.TextChoices):
    """What is sent to an address besides what the law wants sent."""

    EVERY_STEP = "every_step", _("à chaque étape")
    NEEDED = "needed", _("seulement s’il y a quelque chose à lire ou à faire")
    LEGAL = "legal", _("seulement ce que la loi impose")


class Address(models.Model):
    """An e-mail address of a person, for one authority: what it wishes, and whether it still receives. In lowercase.

    `failed_at` is set by a final refusal and taken away by whoever mends it; a wish is never changed by it.
    """

    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.EVERY_STEP)
    wished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_address"
        constraints = [
            models.UniqueConstraint(name="notices_address_once", fields=["authority", "email"]),
            models.CheckConstraint(name="notices_wish_known", condition=models.Q(wish__in=Wish.values)),
        ]

    def __str__(self) -> str:
        return self.wish


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
    # The one that told it with others, when it was kept back.
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="grouped")

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
            models.Index(Lower("recipient_email"), "sent_at", name="notices_sent_to"),
            models.Index(
                name="notices_grouped",
                fields=["authority", "created_at"],
                condition=models.Q(state="grouped", digest=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"


class Bounce(models.Model):
    """A notice about a case that came back: a task of its team until `handled_at`. `status` as RFC 3463 writes it;
    one that could be sent to nobody is here too (`bounces.services.NOBODY`)."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="bounce")
    case_id = models.UUIDField()
    status = models.CharField(max_length=11)
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "notices_bounce"
        indexes = [models.Index(name="notices_bounce_open", fields=["case_id"], condition=models.Q(handled_at=None))]

    def __str__(self) -> str:
        return self.status
