from django.db import models


class Count(models.Model):
    """How many times somebody did something since the window began; `ends_at`: when it starts again from nothing.

    `key` is a keyed digest of what was done and by whom: nobody reads an address in this table.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    uses = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "throttles_count"

    def __str__(self) -> str:
        return f"{self.uses} until {self.ends_at:%H:%M}"
