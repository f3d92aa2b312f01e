"""The audit log: lines that outlive what they speak of, hence names and identifiers, and no foreign key."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing done or read. `subject`: what it was about, as it was called then. `case_id`: when it was a case,
    `person_id`: when it was what is known of a person.

    `detail`: plain JSON, such as `{"before": …, "after": …}`; never the content of a case. A trigger refuses that a
    line be changed, or removed before `MINIMUM` (services) has passed.
    """

    at = models.DateTimeField(db_default=Now())
    authority_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=254, default="")
    case_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(name="audit_by_authority", fields=["authority_id", "-id"]),
            models.Index(name="audit_by_account", fields=["account_id", "-id"]),
            models.Index(name="audit_by_case", fields=["case_id", "-id"], condition=models.Q(case_id__isnull=False)),
            models.Index(
                name="audit_by_person", fields=["person_id", "-id"], condition=models.Q(person_id__isnull=False)
            ),
            models.Index(name="audit_by_age", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
