"""The figures, by team, procedure and channel: as many rows as there are of those, whatever the number of cases."""

from django.db import models


class Counted(models.Model):
    """When the figures of an authority were last counted."""

    authority = models.OneToOneField("access.Authority", on_delete=models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "steering_counted"

    def __str__(self) -> str:
        return f"{self.authority_id}"


class Place(models.Model):
    """Whose cases, about what, come how."""

    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    sector = models.ForeignKey("access.Sector", on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey("access.Team", on_delete=models.CASCADE, null=True, related_name="+")
    procedure = models.ForeignKey("forms.Procedure", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8)

    class Meta:
        abstract = True


class Work(Place):
    """The open cases, all of them as they are now.

    `late`: their day has passed; `soon`: it comes within ten days. `week` … `older`: received seven days ago at most,
    thirty, ninety, more.
    """

    open = models.PositiveIntegerField()
    to_take = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    soon = models.PositiveIntegerField()
    week = models.PositiveIntegerField()
    month = models.PositiveIntegerField()
    quarter = models.PositiveIntegerField()
    older = models.PositiveIntegerField()

    class Meta:
        db_table = "steering_work"
        indexes = [models.Index(name="steering_work_of", fields=["authority"])]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.team_id} {self.procedure_id} {self.channel}"


class Month(Place):
    """What a month saw, by its local days: it does not change any more once the month after it has ended.

    `ended` took `days` calendar days together. `legal` of them had a date on which silence would decide, `legal_kept`
    ended before the end of that day; `promised` and `promised_kept`, the same for the first answer. `silent`: silence
    decided.
    """

    first = models.DateField()
    received = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    days = models.PositiveBigIntegerField(default=0)
    legal = models.PositiveIntegerField(default=0)
    legal_kept = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)
    promised = models.PositiveIntegerField(default=0)
    promised_kept = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "steering_month"
        indexes = [models.Index(name="steering_month_of", fields=["authority", "first"])]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.first}"
