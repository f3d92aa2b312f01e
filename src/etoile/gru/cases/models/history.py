"""The history of a case: append-only, each row sealed by the hash of the one before."""

from django.db import models

from etoile.gru.cases.models.case import Case
from etoile.gru.cases.states import ActorKind


class History(models.Model):
    """Who did what, when, from which state to which, why. A trigger refuses any change of a written row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor = models.CharField(max_length=200)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=12, default="")
    to_state = models.CharField(max_length=12, default="")
    substate = models.CharField(max_length=16, default="")
    reason = models.TextField(default="")
    detail = models.JSONField(default=dict)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "cases_history"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="cases_history_number_once", fields=["case", "number"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.verb}"
