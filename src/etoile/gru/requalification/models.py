"""What became of the answers of a request that changed procedure."""

from django.db import models


class Requalification(models.Model):
    """`aside` are the answers that the new procedure does not take: `[{"field": str, "value": sealed}]`, as asked by
    `before`."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey("forms.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("forms.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    aside = models.JSONField(default=list)
    reason = models.TextField()
    by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "requalification_requalification"
        ordering = ["at"]
        indexes = [models.Index(name="requalified_cases", fields=["case", "at"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.before_id} {self.after_id}"
