"""What the API remembers: the answer given to each Idempotency-Key, for a day."""

from django.db import models
from django.db.models.functions import Now


class KeptAnswer(models.Model):
    client = models.ForeignKey("access.ApiClient", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "api_kept_answer"
        constraints = [models.UniqueConstraint(name="api_key_once", fields=["client", "key"])]
        indexes = [models.Index(name="api_kept_since", fields=["created_at"])]

    def __str__(self) -> str:
        return self.key
