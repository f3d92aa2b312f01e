"""The content of a town's portal: one document by authority, read whole, parsed once by content."""

from django.db import models

from etoile.gru.access.models import Authority


class Content(models.Model):
    authority = models.OneToOneField(
        Authority, on_delete=models.CASCADE, primary_key=True, related_name="portal_content"
    )
    source = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.authority_id}"
