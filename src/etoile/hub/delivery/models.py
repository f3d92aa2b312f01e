"""Deliveries (message x subscription), their attempts, and what applications call our cases.

The tables are partitioned by month on their UUIDv7 key, which Django cannot say: the migration makes them.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.hub.delivery.states import DeliveryState


class Delivery(models.Model):
    """One message for one subscription. `engine` alone writes it.

    `due` is when it may be claimed (while it is leased: when the lease ends); empty while it waits behind another
    of its lane, or for a person. While it is leased, `leased_by` and `leased_at` are the trace of the try in progress;
    afterwards `leased_at` stays the moment it was last lent. `tries_from` is what `attempts` was when a person last
    asked to send it again: the list of delays starts from there. `not_before`: the application asked not to be called
    with it until then, whatever would bring it forward.
    """

    id = models.UUIDField(primary_key=True)
    message_id = models.UUIDField()
    subscription_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    subject = models.TextField()
    position = models.BigIntegerField()
    state = models.TextField(choices=DeliveryState.choices)
    due = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    token = models.BigIntegerField(default=0)
    leased_by = models.TextField(null=True)  # noqa: DJ001 (absent is not empty)
    leased_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    tries_from = models.IntegerField(default=0)
    external_id = models.TextField(null=True)  # noqa: DJ001
    outcome = models.TextField(null=True)  # noqa: DJ001
    detail = models.TextField(null=True)  # noqa: DJ001
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "delivery_delivery"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Attempt(models.Model):
    """One try that is over, written with its result. Outcome `interrupted`, without `finished_at`: its lease ended,
    or the delivery was closed, before it could say; perhaps received. A try in progress is a lease: see `tries`.
    """

    id = models.UUIDField(primary_key=True)
    delivery_id = models.UUIDField()
    number = models.IntegerField()
    worker = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)  # noqa: DJ001
    http_status = models.IntegerField(null=True)
    detail = models.TextField(null=True)  # noqa: DJ001
    exchange = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "delivery_attempt"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}"


class ExternalReference(models.Model):
    """The number an application gave to a case, to know which case a status coming back speaks of."""

    pk = models.CompositePrimaryKey("application_id", "external_id")
    application_id = models.BigIntegerField()
    external_id = models.TextField()
    subject = models.TextField()
    message_source = models.TextField()
    delivery_id = models.UUIDField()

    class Meta:
        managed = False
        db_table = "delivery_external_reference"

    def __str__(self) -> str:
        return self.external_id


class Poll(models.Model):
    """Where the reading of an application's answers stands, for a connector that goes and asks."""

    subscription_id = models.BigIntegerField(primary_key=True)
    cursor = models.TextField(null=True)  # noqa: DJ001
    due = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.BigIntegerField(default=0)
    last_error = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        managed = False
        db_table = "delivery_poll"

    def __str__(self) -> str:
        return str(self.subscription_id)


class QuarantineReason(models.TextChoices):
    UNKNOWN_CASE = "unknown_case", _("demande inconnue")
    REFUSED = "refused", _("réponse inutilisable")
    UNREADABLE = "unreadable", _("fichier illisible")


class QuarantineState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    APPLIED = "applied", _("appliqué")
    DISCARDED = "discarded", _("écarté")


class Quarantined(models.Model):
    """What an application said and could not be applied. `strange` and `quarantine` alone write it.

    `content` is personal data, erased once it is settled; empty for an event the application published itself, whose
    message has it. `times`: how often it was said. Of what could not be read, `external_id` is its name and `detail`
    the words of the connector.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    application_id = models.BigIntegerField()
    subscription_id = models.BigIntegerField(null=True)
    delivery_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    external_id = models.TextField(null=True)  # noqa: DJ001
    status = models.TextField()
    reason = models.TextField(choices=QuarantineReason.choices)
    detail = models.TextField(default="")
    digest = models.BinaryField()
    content = models.JSONField(null=True)
    state = models.TextField(choices=QuarantineState.choices)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        managed = False
        db_table = "delivery_quarantined"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.external_id} {self.status}"
