"""A form being filled. Its identifier becomes the case's: confirming twice can only give the same case."""

from django.db import models

from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.outbox.identifiers import uuid7


class Draft(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    key_digest = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    completed = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)
