"""Which agent is whom at ProConnect, and in the directory of their authority."""

from django.db import models

from etoile.gru.access.models import Account, Authority


class AgentLink(models.Model):
    """The name ProConnect gives an agent (`sub`), written at their first sign-in by it and compared at the others."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="proconnect")
    subject = models.CharField(max_length=255, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.since:%Y-%m-%d}"


class DirectoryLink(models.Model):
    """An agent in the directory of their authority. `subject`: its own name for them, none before they first sign in by
    it. `is_made`: the directory made the account, and rules its names and roles. `cut_at`: it closed the account, and
    it alone opens it again; `outside`: how the directory numbers them (`externalId` of SCIM)."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="directory")
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255, blank=True, default="")
    outside = models.CharField(max_length=255, blank=True, default="")
    is_made = models.BooleanField(default=False)
    cut_at = models.DateTimeField(null=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "subject"], name="identity_directory_subject", condition=~models.Q(subject="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.since:%Y-%m-%d}"


class DirectoryBrake(models.Model):
    """The directory closed more accounts within an hour than leave in an hour. `held_at`: since when it closes none
    any more; `allowed_until`: somebody has looked, and lets it go on until then."""

    authority = models.OneToOneField(Authority, on_delete=models.CASCADE, primary_key=True, related_name="+")
    held_at = models.DateTimeField(null=True)
    allowed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.authority_id} {self.held_at or ''}"
