"""Tables of the likeness of persons: what is looked for, suspected, set apart, merged.

No name nor value is in those that find: keys are digests, suspicions two identifiers and a number.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class ToExamine(models.Model):
    """A person who was written since they were last compared: a trigger adds them, the worker takes them away."""

    person_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "matching_to_examine"

    def __str__(self) -> str:
        return str(self.person_id)


class Key(models.Model):
    """What a person is found by: the digest of values of one line of the rules, made with the key of the server."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=16)

    class Meta:
        db_table = "matching_key"
        indexes = [models.Index(name="matching_key_found", fields=["authority", "digest"])]

    def __str__(self) -> str:
        return str(self.person_id)


class Suspicion(models.Model):
    """Two persons who look like the same one; `first` is the lower identifier. Locked for whoever compares them.

    `flagged_by`: an agent said so, and `why`; else the rules did. Removed once decided.
    """

    WHY = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    flagged_by = models.ForeignKey("access.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=WHY, default="", blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    locked_by = models.ForeignKey("access.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_suspicion"
        constraints = [
            models.UniqueConstraint(name="matching_suspicion_once", fields=["first", "second"]),
            models.CheckConstraint(name="matching_suspicion_ordered", condition=Q(first__lt=F("second"))),
        ]
        indexes = [models.Index(name="matching_suspicion_queue", fields=["authority", "-points", "id"])]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()


class Exclusion(models.Model):
    """Two persons of whom an agent said that they are two; `first` is the lower identifier."""

    WHY = 300

    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=WHY, default="", blank=True)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "matching_exclusion"
        constraints = [
            models.UniqueConstraint(name="matching_exclusion_once", fields=["first", "second"]),
            models.CheckConstraint(name="matching_exclusion_ordered", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class Asking(models.Model):
    """Two records of which an agent asks the person, at the address of each, whether both are theirs; `first` is the
    lower identifier. The keys of its links are in no table (`asking`).

    `space`: the account that answered. `left`: why an agent decides though the person said yes, empty once merged.
    """

    class State(models.TextChoices):
        SENT = "sent", _("sans réponse")
        CONFIRMED = "confirmed", _("vous avez dit oui")
        REFUSED = "refused", _("vous avez dit non")
        # They were merged on the word of the person, and parted since: it is worth nothing more.
        OVER = "over", _("ne compte plus")

    class Left(models.TextChoices):
        NAMES = "names"
        ADDRESS = "address"
        RULES = "rules"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    left = models.CharField(max_length=10, choices=Left.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    space = models.UUIDField(null=True)

    class Meta:
        db_table = "matching_asking"
        constraints = [
            models.UniqueConstraint(name="matching_asking_once", fields=["first", "second"]),
            models.CheckConstraint(name="matching_asking_ordered", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.SENT and self.ends_at > timezone.now()


class Merge(models.Model):
    """`merged` is `master`, until it is undone. A person is merged into one other at a time.

    `asking`: the person themselves said so, whom `account` had asked.
    """

    WHY = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    master = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=WHY, default="", blank=True)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    asking = models.ForeignKey(Asking, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=WHY, default="", blank=True)

    class Meta:
        db_table = "matching_merge"
        constraints = [
            models.UniqueConstraint(name="matching_merged_once", fields=["merged"], condition=Q(undone_at=None)),
            models.CheckConstraint(name="matching_merge_of_two", condition=~Q(master=F("merged"))),
        ]
        indexes = [models.Index(name="matching_merge_listed", fields=["authority", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.merged_id} > {self.master_id}"


class Move(models.Model):
    """One line of the ledger of a merge: a row that went to the master, or a value the master took. Never changed.

    A row: `holder` names its table, `row` its key. A value: `holder` is `value`, `row` the key of the attribute,
    `before` what the master had (empty: nothing), `after` what it took. `case_id`: eliminated with its case.
    """

    VALUE = "value"

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves")
    holder = models.CharField(max_length=60)
    row = models.CharField(max_length=64)
    case_id = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        db_table = "matching_move"
        constraints = [models.UniqueConstraint(name="matching_move_once", fields=["merge", "holder", "row"])]
        indexes = [models.Index(name="matching_move_of_case", fields=["case_id"], condition=Q(case_id__isnull=False))]

    def __str__(self) -> str:
        return f"{self.holder} {self.row}"


class RuleSet(models.Model):
    """The rules an authority put in place of those we give, as it wrote them."""

    authority = models.OneToOneField("access.Authority", on_delete=models.CASCADE, primary_key=True, related_name="+")
    rules = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "matching_rules"

    def __str__(self) -> str:
        return str(self.authority_id)
