"""One sum to be paid for a request, and what is between it and a price that changed since. In cents of euro."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class State(models.TextChoices):
    DUE = "due", _("à payer")
    PAID = "paid", _("payé")
    CANCELLED = "cancelled", _("annulé")
    REFUNDED = "refunded", _("remboursé")


class How(models.TextChoices):
    """How the person pays; the money never passes through here."""

    TILL = "till", _("À la caisse du service")
    NOTICE = "notice", _("Par un avis de sommes à payer (titre de recettes)")
    OTHER = "other", _("Autrement, comme écrit ci-dessous")


class Fee(models.Model):
    """`source` is the application that told it, with its own identifier; both empty when an agent asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=120, default="")
    external_id = models.CharField(max_length=128, default="")
    amount = models.PositiveIntegerField()
    # What was given back when it ended; what differences gave back before is theirs.
    refunded = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    how = models.CharField(max_length=10, choices=How.choices, default=How.OTHER)
    words = models.TextField(default="")
    due_on = models.DateField(null=True)
    # Of the receipt of the till, of the titre de recettes, of the refund.
    reference = models.CharField(max_length=128, default="")
    reason = models.TextField(default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, default="")
    # The local day of the payment, as the till wrote it.
    paid_on = models.DateField(null=True)
    # The last word of the application that was applied: an older one changes nothing.
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fees_fee"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(name="fees_one_due", fields=["case"], condition=models.Q(state="due")),
            models.UniqueConstraint(
                name="fees_told_once", fields=["case", "source", "external_id"], condition=~models.Q(source="")
            ),
            models.CheckConstraint(name="fees_state_known", condition=models.Q(state__in=State.values)),
            models.CheckConstraint(name="fees_something", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="fees_paid_on_a_day", condition=~models.Q(state="paid", paid_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"

    @property
    def told(self) -> int:
        """The sum that its state is about."""
        return self.refunded if self.state == State.REFUNDED else self.amount


class Difference(models.Model):
    """The price of a request changed when something was asked or paid already: an agent decides what becomes of it.

    `before` and `after` are prices; `amount` is what was asked (or taken off), or given back, once that is decided.
    """

    class State(models.TextChoices):
        OPEN = "open", _("à décider")
        ASKED = "asked", _("demandée")
        GIVEN_BACK = "given_back", _("rendue")
        LEFT = "left", _("laissée")
        EVEN = "even", _("sans objet")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    amount = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reference = models.CharField(max_length=128, default="")
    reason = models.TextField(default="")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "fees_difference"
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(name="fees_one_difference", fields=["case"], condition=models.Q(state="open")),
            models.CheckConstraint(
                name="fees_difference_known",
                condition=models.Q(state__in=["open", "asked", "given_back", "left", "even"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} {self.after} {self.state}"
