"""The days an agent is away."""

from django.conf import settings
from django.db import models


class Absence(models.Model):
    """Local days of the authority, both included. Two absences of one agent never overlap: `services` sees to it."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()

    class Meta:
        db_table = "absences_absence"
        constraints = [
            models.CheckConstraint(name="absences_days_in_order", condition=models.Q(first__lte=models.F("last"))),
            models.CheckConstraint(name="absences_by_another", condition=~models.Q(stand_in=models.F("account"))),
        ]
        indexes = [
            models.Index(name="absences_of_agent", fields=["account", "last"]),
            models.Index(name="absences_by_stand_in", fields=["stand_in", "last"]),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.first}"
