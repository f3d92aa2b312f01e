"""Which agent is whom at ProConnect."""

from django.db import models

from etoile.gru.access.models import Account


class AgentLink(models.Model):
    """The name ProConnect gives an agent (`sub`), written at their first sign-in by it and compared at the others."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="proconnect")
    subject = models.CharField(max_length=255, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.since:%Y-%m-%d}"
