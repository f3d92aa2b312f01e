"""Service contracts of applications, and what has changed of people since these were told."""

from datetime import date

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import ApiClient, Authority


class Way(models.TextChoices):
    """How the application receives: what is published through the hub, or what it asks of the API."""

    HUB = "hub", _("par le concentrateur")
    API = "api", _("par l’API")


class State(models.TextChoices):
    COMING = "coming", _("à venir")
    IN_FORCE = "in_force", _("en vigueur")
    SUSPENDED = "suspended", _("suspendu")
    ENDED = "ended", _("terminé")


class Contract(models.Model):
    """What one application may know of people, why, and until when.

    `application`: its name, at the hub the one of the star. `procedures` and `sectors`: slugs, one of them suffices to
    cover a request. `attributes`: `{key: {"read": level, "write": level}}`, levels of `people`; `read` is the least a
    value must have to be given, `write` the most the application may give it; either may be left out. `answers`: by
    procedure, the questions that are closed otherwise (sensitive, identity documents) and that it reads.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="contracts")
    way = models.CharField(max_length=3, choices=Way.choices)
    application = models.CharField(max_length=120)
    # The record of what was agreed outlives the client.
    client = models.ForeignKey(ApiClient, on_delete=models.SET_NULL, related_name="contracts", null=True, blank=True)
    purpose = models.CharField(max_length=500)
    legal_basis = models.CharField(max_length=300)
    contact = models.CharField(max_length=254, blank=True)
    procedures = models.JSONField(default=list, blank=True)
    sectors = models.JSONField(default=list, blank=True)
    attributes = models.JSONField(default=dict)
    answers = models.JSONField(default=dict, blank=True)
    retention_months = models.PositiveSmallIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "contracts_contract"
        constraints = [
            models.CheckConstraint(name="contracts_way_known", condition=models.Q(way__in=Way.values)),
            models.CheckConstraint(
                name="contracts_ends_after",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("begins_on")),
            ),
            models.CheckConstraint(
                name="contracts_client_by_api", condition=models.Q(client__isnull=True) | models.Q(way="api")
            ),
        ]
        indexes = [models.Index(name="contracts_of_authority", fields=["authority", "way"])]

    def __str__(self) -> str:
        return self.application

    def state_on(self, day: date) -> State:
        """`day` is one of the authority."""
        if self.ends_on is not None and self.ends_on < day:
            return State.ENDED
        if self.suspended_at is not None:
            return State.SUSPENDED
        return State.COMING if day < self.begins_on else State.IN_FORCE


# What a line of `Changed` names when it is of the record itself.
STANDING = "merged_into"


class Changed(models.Model):
    """An attribute of a person has changed and nobody was told yet: written by a trigger with the change, emptied by
    the worker (`telling`). Names of attributes, never values. `STANDING`: the record was merged, or parted; `was_id` is
    the one it was merged into before."""

    person_id = models.UUIDField()
    key = models.CharField(max_length=40)
    was_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "contracts_changed"

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
