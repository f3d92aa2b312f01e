"""What people ask about their data, what is frozen, and the agreements they took back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class Kind(models.TextChoices):
    """The rights of the RGPD that a person exercises by asking (articles 15 to 21)."""

    ACCESS = "access", _("Recevoir aussi ce qui n’est pas dans mon fichier")
    RECTIFY = "rectify", _("Corriger une information fausse")
    RESTRICT = "restrict", _("Geler ma demande le temps d’une vérification")
    OBJECT = "object", _("M’opposer à l’usage de mes données")
    ERASE = "erase", _("Effacer mes données")


class State(models.TextChoices):
    OPEN = "open", _("en attente de réponse")
    GRANTED = "granted", _("acceptée")
    PARTLY = "partly", _("acceptée en partie")
    REFUSED = "refused", _("refusée")


ANSWERED = frozenset({State.GRANTED, State.PARTLY, State.REFUSED})


class Request(models.Model):
    """One thing asked by the person of a case. `due_on`: the local day by which the law wants an answer."""

    WORDS = 4000

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    words = models.TextField(max_length=WORDS)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extended_because = models.TextField(default="")
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "rights_request"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="rights_one_open_of_a_kind", fields=["case", "kind"], condition=models.Q(state="open")
            ),
            models.CheckConstraint(
                name="rights_answered_with_words",
                condition=models.Q(state="open", answered_at=None)
                | ~models.Q(state="open") & ~models.Q(answer="") & models.Q(answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="rights_by_authority", fields=["authority", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.state}"


class Freeze(models.Model):
    """While it stands, agents neither see the case nor act on it (RGPD, article 18). `hold`: what keeps it meanwhile,
    when this freeze placed it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    hold = models.ForeignKey("archive.Hold", on_delete=models.SET_NULL, null=True, related_name="+")
    lifted_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_freeze"
        ordering = ["placed_at"]
        constraints = [
            models.UniqueConstraint(name="rights_one_freeze", fields=["case"], condition=models.Q(lifted_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.placed_at}"


class Withdrawal(models.Model):
    """An agreement that its person took back. `wording` is what they had agreed to, in the version it was asked in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=80)
    wording = models.TextField()
    version = models.PositiveIntegerField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField()

    class Meta:
        db_table = "rights_withdrawal"
        ordering = ["withdrawn_at"]
        constraints = [models.UniqueConstraint(name="rights_withdrawn_once", fields=["case", "field"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}"


class Redaction(models.Model):
    """What the person receives of a note or an opinion, in the place of words that speak of somebody else. The words
    themselves stay where they are. `row`: of `table`, such as `desk.Note`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    row = models.UUIDField()
    words = models.TextField()
    by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "rights_redaction"
        constraints = [models.UniqueConstraint(name="rights_redacted_once", fields=["table", "row"])]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
