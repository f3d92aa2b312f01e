"""What is said and given about a case: messages, documents asked, hand-offs, decisions, positions of the sources."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases.models.case import Case
from etoile.gru.cases.states import DECISIONS
from etoile.gru.outbox.identifiers import uuid7


class Message(models.Model):
    """One message of the conversation."""

    class Author(models.TextChoices):
        PERSON = "person", _("l'usager")
        AGENT = "agent", _("le service")
        APPLICATION = "application", _("le logiciel métier")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=12, choices=Author.choices)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200, default="")
    body = models.TextField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_message"
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(name="cases_message_thread", fields=["case", "sent_at"]),
            models.Index(
                name="cases_message_unread", fields=["case"], condition=models.Q(read_at=None, author="person")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.sent_at}"


class DocumentRequest(models.Model):
    """A request for additional documents (CRPA L114-5): the list, the delay, the effect, and the letter as sent."""

    class State(models.TextChoices):
        OPEN = "open", _("en attente")
        ANSWERED = "answered", _("reçu")
        CANCELLED = "cancelled", _("annulé")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="document_requests")
    # One object a document: name, indispensable, to_translate (both true or false), and `received`, the local day it
    # came (ISO 8601), once it has. An answer to correct is one too: its name is the question's, and it has field, fault
    # (`states.Fault`) and sentence.
    items = models.JSONField()
    wording = models.TextField()
    deadline = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_document_request"
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.deadline}"

    @property
    def names(self) -> list[str]:
        return [item["name"] for item in self.items]

    @property
    def awaited(self) -> list[int]:
        """The places in `items` of what has not come."""
        is_open = self.state == self.State.OPEN
        return [place for place, item in enumerate(self.items) if is_open and not item.get("received")]

    @property
    def awaited_names(self) -> list[str]:
        return [self.items[place]["name"] for place in self.awaited]

    def produced(self, zone: ZoneInfo) -> date | None:
        """The local day on which the last of its indispensable documents came (CRPA L114-5)."""
        days = [item.get("received") for item in self.items if item.get("indispensable")]
        if days and all(days):
            return max(date.fromisoformat(day) for day in days)
        return self.answered_at.astimezone(zone).date() if self.answered_at else None

    @property
    def is_correction(self) -> bool:
        """Answered by correcting answers of the form, not by sending documents."""
        return any(item.get("field") for item in self.items)

    @property
    def indispensable(self) -> bool:
        """Only a document that is indispensable touches the clock (CRPA L114-5-1)."""
        return any(item.get("indispensable") for item in self.items)


class Handoff(models.Model):
    """One delivery of one of our events to one application, as the hub last told it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en cours de transmission")
        SENT = "sent", _("transmise, accusé attendu")
        ACKNOWLEDGED = "acknowledged", _("reçue")
        REJECTED = "rejected", _("refusée par le logiciel")
        DEAD = "dead", _("à reprendre par un exploitant")
        HELD = "held", _("retenue")
        CANCELLED = "cancelled", _("abandonnée sur décision")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handoffs")
    delivery = models.CharField(max_length=64)
    message_type = models.CharField(max_length=120)
    subscription = models.CharField(max_length=120, default="")
    application = models.CharField(max_length=80)
    application_name = models.CharField(max_length=200)
    state = models.CharField(max_length=14, choices=State.choices)
    external_id = models.CharField(max_length=200, default="")
    detail = models.TextField(default="")
    attempts = models.PositiveIntegerField(default=0)
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "cases_handoff"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="cases_handoff_once", fields=["case", "delivery"])]
        indexes = [
            models.Index(
                name="cases_handoff_in_trouble",
                fields=["case"],
                condition=models.Q(state__in=["dead", "held", "rejected"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.state}"


class Decision(models.Model):
    """A decision as notified: it carries first name, name, capacity and service (CRPA L212-2).

    An `implicit` one is born of silence: nobody signs it, `decided_at` is the end of the last day of the delay, and its
    `attestation` is written when the person asks for one (CRPA L232-3).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12)
    reasons = models.TextField(default="")
    text = models.TextField()
    signatory = models.CharField(max_length=200)
    capacity = models.CharField(max_length=200, default="")
    service = models.CharField(max_length=200)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    implicit = models.BooleanField(default=False)
    attestation = models.TextField(default="")
    attested_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_decision"
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                name="cases_decision_known", condition=models.Q(outcome__in=sorted(s.value for s in DECISIONS))
            ),
            models.CheckConstraint(
                name="cases_refusal_motivated", condition=~models.Q(outcome="refused") | ~models.Q(reasons="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class SourcePosition(models.Model):
    """How far we have followed one application about one case: what is older is recorded, not applied."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="positions")
    source = models.CharField(max_length=120)
    sequence = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=200, default="")
    status = models.CharField(max_length=30, default="")
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_source_position"
        constraints = [models.UniqueConstraint(name="cases_position_once", fields=["case", "source"])]

    def __str__(self) -> str:
        return f"{self.source} {self.sequence}"
