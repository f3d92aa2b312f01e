"""How far an ended case is on its way out, what keeps it, and the lists under which cases leave for good."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class Standing(models.Model):
    """One row from the day the person is told. `leaves_on` is a local day; `archived_at` sets the case apart."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    leaves_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "archive_standing"
        indexes = [
            models.Index(
                name="archive_to_leave",
                fields=["leaves_on"],
                condition=models.Q(archived_at=None, told_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Hold(models.Model):
    """Somebody says why this case must not move: an appeal, an inspection, a request of the person. One at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "archive_hold"
        ordering = ["placed_at"]
        constraints = [
            models.UniqueConstraint(name="archive_one_hold", fields=["case"], condition=models.Q(lifted_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.placed_at}"


class Slip(models.Model):
    """A list of cases to eliminate (signed by the departmental archives) or handed over to them: *bordereau*.

    The rule and the procedure are copied: the list says for ever under which it was made. `agreement` is the number of
    the visa, or of the acknowledgement of the transfer: without it nothing leaves.
    """

    class Kind(models.TextChoices):
        ELIMINATION = "elimination", _("élimination")
        TRANSFER = "transfer", _("versement")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("à faire viser")
        AGREED = "agreed", _("visé, en cours")
        REFUSED = "refused", _("refusé")
        DONE = "done", _("terminé")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("forms.Procedure", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    # {title, service, active, intermediate, final_fate, basis}: plain text of the day.
    rule = models.JSONField()
    proposed_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreement = models.CharField(max_length=100, blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    proof = models.JSONField(null=True)

    class Meta:
        db_table = "archive_slip"
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="archive_slip_number", fields=["authority", "number"]),
            models.CheckConstraint(
                name="archive_agreed_with_its_number",
                condition=~models.Q(state__in=["agreed", "done"])
                | (~models.Q(agreement="") & ~models.Q(agreed_by="") & models.Q(agreed_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SlipLine(models.Model):
    """One case of a list. Nothing here names its person; it stays when the case is no more, and cannot change then.

    `digest` is the SHA-256 of what the case was (`proofs.digest_of`), `documents` the SHA-256, in hexadecimal, and size
    of each file. `removed_in` is the transaction that removed it, and alone may remove its history.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        KEPT = "kept", _("gardée")
        REMOVED = "removed", _("supprimée")

    slip = models.ForeignKey(Slip, on_delete=models.PROTECT, related_name="lines")
    listed_case = models.UUIDField()
    reference = models.CharField(max_length=16)
    submitted_on = models.DateField()
    decided_on = models.DateField()
    outcome = models.CharField(max_length=12)
    documents = models.JSONField(default=list)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_in = models.BigIntegerField(null=True)

    class Meta:
        db_table = "archive_slip_line"
        ordering = ["decided_on", "id"]
        constraints = [
            # A case is on one list at a time.
            models.UniqueConstraint(
                name="archive_listed_once", fields=["listed_case"], condition=~models.Q(state="kept")
            ),
            models.CheckConstraint(
                name="archive_removed_with_proof",
                condition=~models.Q(state="removed")
                | (~models.Q(digest="") & models.Q(removed_at__isnull=False, removed_in__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="archive_to_remove", fields=["slip", "id"], condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"
