"""A form being filled. Its identifier becomes the case's: confirming twice can only give the same case."""

from django.db import models

from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.outbox.identifiers import uuid7


class Draft(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    key_digest = models.CharField(max_length=64)
    # Of the other browsers it was taken up in, and of the code that was shown, once it has been.
    other_keys = models.JSONField(default=list)
    code_digest = models.CharField(max_length=64, default="")
    # Who it is made for, when it is not for oneself: see `mandates`.
    mandate = models.JSONField(default=dict)
    # Questions that need no answer here, whatever the procedure says: see `waiving`.
    waived = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    # What a link or an account filled in, by field: the server alone wrote it.
    prefilled = models.JSONField(default=dict)
    completed = models.JSONField(default=list)
    # Answers to questions that a newer version no longer asks: see `moving`.
    aside = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="filling_by_code", fields=["code_digest"], condition=~models.Q(code_digest=""))]

    def __str__(self) -> str:
        return str(self.id)
