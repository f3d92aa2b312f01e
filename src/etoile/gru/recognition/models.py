"""What finds the account of somebody again under another name that a platform gives them."""

from django.db import models


class CivilIdentity(models.Model):
    """The whole pivot identity certified for an account, as a keyed digest: it can be compared, and tells nothing.

    Once in an authority: two platforms that name the same human being open the same account."""

    account = models.OneToOneField(
        "accounts.PersonAccount", on_delete=models.CASCADE, primary_key=True, related_name="civil_identity"
    )
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32)
    certified_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "digest"], name="recognition_civil_once")]

    def __str__(self) -> str:
        return str(self.account_id)


class Identified(models.Model):
    """Who sent a request, as a platform proved it in that session: for the agent who treats it.

    `name`: as certified then. It goes with the case."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="identified")
    platform = models.SlugField(max_length=40)
    level = models.CharField(max_length=40)
    name = models.CharField(max_length=600)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.platform} {self.level}"
