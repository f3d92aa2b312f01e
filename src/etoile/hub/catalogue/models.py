from typing import ClassVar

from django.db import models


class MessageType(models.Model):
    """A kind of event the hub carries; its schema is in the contract, this row is what the registry can point at."""

    type = models.CharField(max_length=120, unique=True)
    version = models.PositiveSmallIntegerField()
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["type"]

    def __str__(self) -> str:
        return self.type
