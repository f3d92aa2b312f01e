"""Tables of what agents keep beside a case. A case that is eliminated takes them with it."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.outbox.identifiers import uuid7


class Note(models.Model):
    """Words between agents. One withdrawn by its author keeps its place and loses its words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_note"
        indexes = [models.Index(name="desk_note_of_case", fields=["case", "written_at"])]

    def __str__(self) -> str:
        return f"{self.author_name} {self.written_at}"


class Watch(models.Model):
    """An agent who wants to know what moves on a case; `seen` is the number of the last row of history they read."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "desk_watch"
        constraints = [models.UniqueConstraint(name="desk_watch_once", fields=["account", "case"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.case_id}"


class Label(models.Model):
    """One word of the town to sort cases with. A retired one stays on the cases that have it."""

    NAME = 30

    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME)
    retired = models.BooleanField(default=False)

    class Meta:
        db_table = "desk_label"
        constraints = [models.UniqueConstraint("authority", Lower("name"), name="desk_label_once")]

    def __str__(self) -> str:
        return self.name


class CaseLabel(models.Model):
    """A label put on a case, by whom."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "desk_case_label"
        constraints = [models.UniqueConstraint(name="desk_case_label_once", fields=["case", "label"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.label_id}"


class Reply(models.Model):
    """An answer written once, for a team: words with tags, put into a message or into the reasons of a decision."""

    NAME, BODY = 60, 5000

    class Use(models.TextChoices):
        MESSAGE = "message", _("un message")
        REASONS = "reasons", _("les motifs d’une décision")

    team = models.ForeignKey("access.Team", on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.MESSAGE)
    name = models.CharField(max_length=NAME)
    body = models.TextField(max_length=BODY)
    changed_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "desk_reply"
        constraints = [models.UniqueConstraint("team", "use", Lower("name"), name="desk_reply_once")]

    def __str__(self) -> str:
        return self.name


class Pair(models.Model):
    """Two cases that an agent brought together, or told apart; `first` is the lower identifier."""

    WHY = 200

    class Kind(models.TextChoices):
        LINKED = "linked", _("liées")
        DISTINCT = "distinct", _("deux demandes distinctes")

    first = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.CharField(max_length=WHY, default="", blank=True)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "desk_pair"
        constraints = [
            models.UniqueConstraint(name="desk_pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="desk_pair_ordered", condition=models.Q(first__lt=models.F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"


class Duplicate(models.Model):
    """A case closed because another says the same; `kept` is the one that is treated. `at` is the instant at which it
    was closed: one that was opened again by the usual way, then ended, is a duplicate no more."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    kept = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "desk_duplicate"
        constraints = [
            models.CheckConstraint(name="desk_duplicate_of_another", condition=~models.Q(case=models.F("kept")))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} = {self.kept_id}"

    def holds(self, case: Case) -> bool:
        """`case` is the one it was written of, as it now is."""
        return case.state == State.CLOSED and case.decided_at == self.at
