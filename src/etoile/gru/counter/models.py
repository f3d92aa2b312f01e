"""What an agent enters for somebody, and the letters that wait to be printed."""

from django.db import models
from django.db.models.functions import Now

from etoile.gru.cases.states import Channel
from etoile.gru.outbox.identifiers import uuid7


class Entry(models.Model):
    """A form that an agent fills for somebody. Its identifier is that of the draft, then of the case."""

    draft = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("forms.Procedure", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # The local day on which the request reached the authority.
    received_on = models.DateField()
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "counter_entry"
        indexes = [
            models.Index(
                name="counter_entry_unsent",
                fields=["account", "-created_at"],
                condition=models.Q(sent_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.draft}"


class Letter(models.Model):
    """A notice to somebody who has no e-mail: it waits to be printed, then posted or handed over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    notice = models.OneToOneField("notices.Notice", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "counter_letter"
        indexes = [models.Index(name="counter_letter_waiting", fields=["created_at"], condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.notice_id}"


class Question(models.Model):
    """What somebody who gave no name asked, and what was answered. Nobody is in it."""

    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("access.Team", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    asked = models.TextField()
    asked_at = models.DateTimeField()
    asked_of = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "counter_question"
        constraints = [
            models.CheckConstraint(
                name="counter_answer_is_whole",
                condition=models.Q(answer="", answered_at=None) | ~models.Q(answer="") & ~models.Q(answered_at=None),
            )
        ]
        indexes = [
            models.Index(name="counter_question_waiting", fields=["team", "id"], condition=models.Q(answered_at=None)),
            models.Index(
                name="counter_question_answered",
                fields=["team", "-answered_at"],
                condition=models.Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What the person gives when they come back for the answer."""
        return f"R-{self.pk}"
