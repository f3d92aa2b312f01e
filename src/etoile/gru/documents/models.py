"""Files received. The row says what was proven of the content; the bytes live outside the database, under a random
name."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Authority


class State(models.TextChoices):
    """What the antivirus says: nothing yet, nothing bad, a threat, or that it could not be asked."""

    UNCHECKED = "unchecked", gettext_lazy("Non vérifiée par un antivirus")
    CLEAN = "clean", gettext_lazy("Vérifiée par l’antivirus")
    INFECTED = "infected", gettext_lazy("Refusée par l’antivirus")
    UNAVAILABLE = "unavailable", gettext_lazy("En attente de l’antivirus")


class Document(models.Model):
    """`holder` is the draft, then the case: both have the same identifier, so submitting moves no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    holder = models.UUIDField(db_index=True)
    field = models.CharField(max_length=80)
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNCHECKED)
    # The scanner's own name of what it found, and when it was last asked.
    threat = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="documents_not_empty")]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["unchecked", "unavailable"]),
                name="documents_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.name
