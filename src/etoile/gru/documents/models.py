"""Files received. The row says what was proven of the content; the bytes live outside the database, under a random
name."""

import uuid

from django.db import models

from etoile.gru.access.models import Authority


class State(models.TextChoices):
    RECEIVED = "received", "Reçue"
    CLEAN = "clean", "Vérifiée"
    INFECTED = "infected", "Refusée par l'antivirus"


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
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="documents_not_empty")]

    def __str__(self) -> str:
        return self.name
