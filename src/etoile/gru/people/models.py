"""Persons and what is known of each: a value, where it comes from and how sure it is."""

from django.db import models
from django.db.models import F, Q

from etoile.gru.access.models import Authority
from etoile.gru.outbox.identifiers import uuid7


class Kind(models.TextChoices):
    NATURAL = "natural", "Personne physique"
    LEGAL = "legal", "Personne morale"


class Level(models.IntegerChoices):
    """Certification levels of the domain: a lower one never overwrites a higher one."""

    DECLARED = 100, "Déclaré par la personne"
    CHECKED_BY_CODE = 200, "Vérifié par un code"
    UNOFFICIAL_PROOF = 330, "Justificatif non officiel"
    UNOFFICIAL_PROOF_SEEN = 360, "Justificatif non officiel vu au guichet"
    OFFICIAL_PROOF = 400, "Justificatif officiel"
    OFFICIAL_PROOF_SEEN = 500, "Justificatif officiel vu au guichet"
    FRANCECONNECT = 600, "FranceConnect"


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NATURAL)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


class Attribute(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    level = models.IntegerField(choices=Level.choices, default=Level.DECLARED)
    source = models.CharField(max_length=60, default="declared")
    certified_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="people_attribute_once"),
            models.CheckConstraint(condition=Q(level__gte=100, level__lte=600), name="people_attribute_level"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("certified_at")),
                name="people_attribute_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.level})"
