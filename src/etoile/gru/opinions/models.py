"""One opinion asked about a case."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases.models import Case
from etoile.gru.outbox.identifiers import uuid7


class Outcome(models.TextChoices):
    FAVOURABLE = "favourable", _("Favorable")
    RESERVED = "reserved", _("Favorable avec réserves")
    UNFAVOURABLE = "unfavourable", _("Défavorable")
    NONE = "none", _("Sans avis")


class State(models.TextChoices):
    ASKED = "asked", _("attendu")
    GIVEN = "given", _("rendu")
    REVOKED = "revoked", _("retiré")


class Opinion(models.Model):
    """Asked of `team`, or of somebody outside when it is None; `name` and `email` are where the invitation went.

    `shared` is what the link shows besides the question: `fields`, identifiers of questions, and `documents`,
    identifiers. The documents given with the answer are held under the identifier of the opinion.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    team = models.ForeignKey("access.Team", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    language = models.CharField(max_length=10, default="fr")
    question = models.TextField()
    shared = models.JSONField(default=dict)
    deadline = models.DateField()
    # The link is dead from this day on.
    expires_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default="", blank=True)
    text = models.TextField(default="")
    author = models.CharField(max_length=200, default="")
    given_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "opinions_opinion"
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="opinions_given_or_not",
                condition=models.Q(state="given", given_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="given") & models.Q(given_at=None, outcome=""),
            ),
        ]
        indexes = [
            models.Index(
                name="opinions_to_remind", fields=["deadline"], condition=models.Q(state="asked", reminded_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"

    @property
    def is_late(self) -> bool:
        """Given after its day, or still awaited."""
        last = timezone.localtime(self.given_at).date() if self.given_at else timezone.localdate()
        return self.state != State.REVOKED and last > self.deadline

    def is_open_on(self, day: date) -> bool:
        """Whether the link shows something."""
        return self.state != State.REVOKED and day < self.expires_on
