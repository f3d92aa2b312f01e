"""The case itself: one request of a person under one version of one procedure."""

import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Cast, Least, Lower
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases import states
from etoile.gru.cases.keys import unseal
from etoile.gru.outbox.identifiers import uuid7

_OPEN = sorted(state.value for state in states.OPEN)


def _due_on() -> models.Case:
    """While it is open: the day on which silence decides, or the one promised for a first answer, the nearer one."""
    silence = models.Case(models.When(implicit_on=None, then=models.F("silence_date")))
    in_utc = models.Func(models.Value("UTC"), "answer_due_at", function="timezone", output_field=models.DateTimeField())
    promised = models.Case(models.When(answered_at=None, then=Cast(in_utc, models.DateField())))
    return models.Case(models.When(state__in=_OPEN, then=Least(silence, promised)))


class Case(models.Model):
    """One request. Written by `cases.services` only; `version` grows at each write and guards against lost updates."""

    # The draft it was filled in has the same identifier: confirmed twice, it finds the same case.
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    procedure_version = models.ForeignKey("forms.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("access.Team", on_delete=models.PROTECT, null=True, related_name="+")
    sector = models.ForeignKey("access.Sector", on_delete=models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(_("référence"), max_length=16)
    channel = models.CharField(max_length=8, choices=states.Channel.choices, default=states.Channel.WEB)
    language = models.CharField(max_length=10, default="fr")
    contact_name = models.CharField(max_length=200, default="")
    contact_email = models.EmailField(default="")
    # For whom, when the applicant asks for someone else: on_behalf_of, name, capacity.
    mandate = models.JSONField(default=dict)

    state = models.CharField(max_length=12, choices=states.State.choices, default=states.State.SUBMITTED)
    substate = models.CharField(max_length=16, choices=states.Substate.choices, default="", blank=True)
    business_code = models.CharField(max_length=60, default="")
    business_label = models.CharField(max_length=200, default="")
    version = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    correlation = models.UUIDField(null=True)
    history_number = models.PositiveIntegerField(default=0)
    history_hash = models.BinaryField(default=b"")

    # By field id; the sensitive ones are sealed by `forms.sensitive` for this very case.
    answers = models.JSONField(default=dict)
    tracking_hash = models.BinaryField(unique=True)
    tracking_sealed = models.BinaryField()

    submitted_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    silence_regime = models.CharField(max_length=8, default="none")
    silence_date = models.DateField(null=True)
    # Local days. Received first by an authority that could not decide; transmitted to the one that may (`clock`).
    first_received_on = models.DateField(null=True)
    competent_on = models.DateField(null=True)
    # What the team was told of the coming decision by silence, and the day that decision was born on.
    silence_alert = models.PositiveSmallIntegerField(default=0)
    implicit_on = models.DateField(null=True)
    # The first answer, when the procedure promises one within a time, and what the team was told of it (`promises`).
    answer_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_alert = models.PositiveSmallIntegerField(default=0)
    # Computed by PostgreSQL: what no verb has to remember to write. Read from the database only.
    due_on = models.GeneratedField(expression=_due_on(), output_field=models.DateField(null=True), db_persist=True)
    # The timers of the procedure's workflow: since when it is in this situation, how many went off, when the next does.
    waiting_since = models.DateTimeField(null=True)
    timers_fired = models.PositiveSmallIntegerField(default=0)
    timer_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.UniqueConstraint(name="cases_reference_once", fields=["authority", "reference"]),
            models.CheckConstraint(name="cases_state_known", condition=models.Q(state__in=states.State.values)),
            models.CheckConstraint(
                name="cases_substate_when_open",
                condition=models.Q(substate="") | models.Q(state__in=_OPEN),
            ),
        ]
        indexes = [
            models.Index(name="cases_by_authority", fields=["authority", "-submitted_at", "-id"]),
            models.Index(name="cases_by_team", fields=["team", "state", "-submitted_at", "-id"]),
            models.Index(
                name="cases_answer_due",
                fields=["answer_due_at"],
                condition=models.Q(answer_due_at__isnull=False, answered_at=None),
            ),
            models.Index(
                name="cases_silence_due",
                fields=["silence_date"],
                condition=models.Q(
                    silence_date__isnull=False,
                    implicit_on=None,
                    state__in=_OPEN,
                ),
            ),
            models.Index(name="cases_timer_due", fields=["timer_at"], condition=models.Q(timer_at__isnull=False)),
            models.Index(name="cases_by_sector", fields=["sector", "state", "-submitted_at", "-id"]),
            # What agents work on is a small part of all that was ever received: their lists read it alone.
            models.Index(
                name="cases_open",
                fields=["authority", "-submitted_at", "-id"],
                condition=models.Q(state__in=_OPEN),
            ),
            models.Index(
                name="cases_open_to_take",
                fields=["authority", "-submitted_at", "-id"],
                condition=models.Q(state__in=_OPEN, assignee=None),
            ),
            models.Index(
                name="cases_open_by_agent",
                fields=["assignee", "-submitted_at", "-id"],
                condition=models.Q(state__in=_OPEN),
            ),
            models.Index(
                name="cases_open_by_due",
                fields=["authority", "due_on", "id"],
                condition=models.Q(state__in=_OPEN),
            ),
            models.Index(
                name="cases_open_waiting",
                fields=["authority", "-submitted_at", "-id"],
                condition=models.Q(state__in=_OPEN) & ~models.Q(substate=""),
            ),
            # Who else wrote from this address: shown beside each case.
            models.Index(Lower("contact_email"), name="cases_by_email"),
            models.Index(
                name="cases_decided",
                fields=["procedure_version", "-decided_at"],
                condition=models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """The ordering key of everything published about this case."""
        return subject_of(self.id)

    @property
    def tracking_key(self) -> str:
        return unseal(self.tracking_sealed, self.id)

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN

    def identity(self) -> dict[str, Any]:
        """How the contract names a case."""
        return {"id": str(self.id), "reference": self.reference}


def subject_of(case_id: uuid.UUID) -> str:
    return f"case/{case_id}"
