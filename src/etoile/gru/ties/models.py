"""Ties between persons. They are ended, and go with one of their persons alone."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from etoile.gru.access.models import Authority
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.people import scope
from etoile.gru.people.models import Certified, Level, Person
from etoile.gru.ties.kinds import KINDS, TieKind


class SealedTies(models.Manager):
    """A tie is seen by whoever sees one of its two persons. `tie`: the way from the row to the tie, empty for itself.

    The other person is not seen with it: never join to them, look for them in the scope in force.
    """

    def __init__(self, tie: str = "") -> None:
        super().__init__()
        self.tie = tie

    def get_queryset(self) -> models.QuerySet[Any]:
        found, before = scope.current(), f"{self.tie}__" if self.tie else ""
        rows = super().get_queryset()
        if found.kind is scope.Kind.TASK:
            return rows.filter(**{f"{before}authority": found.authority}) if found.authority is not None else rows
        seen = Person.objects.values("pk")
        return rows.filter(Q(**{f"{before}holder__in": seen}) | Q(**{f"{before}subject__in": seen}))


class Tie(Certified, models.Model):
    """`kind`: of `kinds.KINDS`. `detail`: what its kind asks, by key. Both days are in it; without the first, nobody
    said since when. `ended_at`: somebody ended it, and it is worth nothing since, whatever the days say.

    `level`, `source`, `certified_at`, `expires_at`: as an attribute has them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    authority_id: int
    kind = models.CharField(max_length=30)
    holder = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    holder_id: uuid.UUID
    subject = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    subject_id: uuid.UUID
    detail = models.JSONField(default=dict)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    level = models.IntegerField(choices=Level.choices, default=Level.DECLARED)
    source = models.CharField(max_length=60)
    certified_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = SealedTies()

    class Meta:
        db_table = "ties_tie"
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=100, level__lte=600), name="ties_level"),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="ties_period",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="ties_ended", condition=Q(ends_on__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def what(self) -> TieKind:
        return KINDS[self.kind]

    def other_end(self, person: uuid.UUID) -> uuid.UUID:
        return self.subject_id if self.holder_id == person else self.holder_id

    @property
    def is_over(self) -> bool:
        past = self.ends_on is not None and self.ends_on < self.authority.today()
        return self.ended_at is not None or past

    @property
    def is_living(self) -> bool:
        """Worth something today."""
        return not self.is_over and (self.begins_on is None or self.begins_on <= self.authority.today())

    @property
    def mark(self) -> str:
        """What a page saw of it: two people who change it at once do not undo one another."""
        return f"{self.certified_at.isoformat()}/{self.begins_on}/{self.ends_on}/{self.ended_at}"


class TieChange(models.Model):
    """One writing of a tie, by whom (`scope.Scope.author`), with what it was before: the same keys on both sides.
    Written by a trigger, never changed, gone with the tie alone."""

    tie = models.ForeignKey(Tie, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes")
    before = models.JSONField(null=True)
    after = models.JSONField()
    author = models.CharField(max_length=100)
    at = models.DateTimeField(db_default=models.functions.Now())

    objects = SealedTies("tie")

    class Meta:
        db_table = "ties_history"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.tie_id} {self.author}"


class Told(models.Model):
    """Somebody whom the base knows because one of their own told of them: forgotten once no tie is left, unless they
    made a request or opened an account since."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "ties_told"

    def __str__(self) -> str:
        return str(self.person_id)


class Concerned(models.Model):
    """Whom a request is about, when it was begun for somebody one is tied to. `case_id` is its draft's identifier too.

    While the request is there, PostgreSQL keeps the person present in its sector: who treats it knows whom it is about.
    """

    case_id = models.UUIDField(primary_key=True)
    tie = models.ForeignKey(Tie, on_delete=models.SET_NULL, null=True, related_name="+")
    tie_id: uuid.UUID | None
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    person_id: uuid.UUID
    since = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "ties_concerned"

    def __str__(self) -> str:
        return str(self.case_id)


class Offer(models.Model):
    """A mandate that nobody accepted yet: it is for whoever proves that this address, in small letters, is theirs."""

    tie = models.OneToOneField(Tie, on_delete=models.CASCADE, primary_key=True, related_name="+")
    tie_id: uuid.UUID
    email = models.EmailField(max_length=254)
    made_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "ties_offer"
        indexes = [models.Index(fields=["email"], name="ties_offered_to")]

    def __str__(self) -> str:
        return str(self.tie_id)
