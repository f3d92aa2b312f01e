"""What the API remembers: what each client may read, the answers to its keys, which cases changed."""

from django.db import models
from django.db.models.functions import Now


class KeptAnswer(models.Model):
    """The answer given to one Idempotency-Key, for a day."""

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


class Limits(models.Model):
    """What a client is limited to, beside its scopes; without limits, every procedure of its authority.

    `procedures`: by slug, the fields whose answers are given; `*` stands for those that are not sensitive. Empty: no
    limit. `per_minute`: requests; null, the usual number.
    """

    client = models.OneToOneField("access.ApiClient", on_delete=models.CASCADE, primary_key=True, related_name="limits")
    procedures = models.JSONField(default=dict)
    per_minute = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "api_limits"

    def __str__(self) -> str:
        return f"{self.client_id}"


class Pace(models.Model):
    """How fast a client goes: when it will have its whole quota again. In an unlogged table: a crash forgives all."""

    client = models.OneToOneField(
        "access.ApiClient", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    whole_at = models.DateTimeField()

    class Meta:
        db_table = "api_pace"

    def __str__(self) -> str:
        return f"{self.client_id}"


class Change(models.Model):
    """The last change of one case, written by a trigger in the transaction that changes it, then numbered (`changes`).

    One row a case, whatever its age: what was deleted, or left the procedure, stays as `gone`. `position` is null
    until it is numbered.
    """

    case_id = models.UUIDField()
    procedure = models.ForeignKey(
        "forms.Procedure", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    authority = models.ForeignKey(
        "access.Authority", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    version = models.PositiveIntegerField()
    gone = models.BooleanField()
    position = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "api_change"
        constraints = [
            models.UniqueConstraint(name="api_change_once", fields=["case_id", "procedure"]),
            models.UniqueConstraint(name="api_change_position_once", fields=["position"]),
        ]
        indexes = [
            models.Index(name="api_change_read", fields=["authority", "position"]),
            models.Index(name="api_change_unnumbered", fields=["id"], condition=models.Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.position}"
