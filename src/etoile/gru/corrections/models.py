"""A change of the answers of a case: buffered while it is written, then made at once, with what was there before."""

from django.db import models

from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.outbox.identifiers import uuid7


class Revision(models.Model):
    """Of a person (`request` says what they were asked to correct) or of an agent (`account`).

    Its identifier holds the files given meanwhile, and seals the sensitive values of `answers`, `before` and `after`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="revisions")
    request = models.OneToOneField(DocumentRequest, on_delete=models.CASCADE, null=True, related_name="revision")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    # What asked the questions that changed, once it is sent: the case may go on under another procedure.
    version = models.ForeignKey("forms.ProcedureVersion", on_delete=models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=200, default="")
    # What is typed so far, by field; emptied once it is sent.
    answers = models.JSONField(default=dict)
    # Once sent, the fields that changed: what they held, what they hold. A list of names for files.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, default="")
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "corrections_revision"
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="corrections_one_at_a_time",
                fields=["case", "account"],
                condition=models.Q(sent_at=None, account__isnull=False),
            ),
            models.CheckConstraint(
                name="corrections_of_someone",
                condition=models.Q(request__isnull=False) ^ models.Q(account__isnull=False),
            ),
        ]
        indexes = [models.Index(name="corrections_unsent", fields=["updated_at"], condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.case_id} {self.author}"
