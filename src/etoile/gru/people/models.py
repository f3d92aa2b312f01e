"""Persons and what is known of each: a value, where it comes from and how sure it is."""

from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Account, Authority, Sector
from etoile.gru.access.queries import sectors_of
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.people import scope


class Kind(models.TextChoices):
    NATURAL = "natural", _("Personne physique")
    LEGAL = "legal", _("Personne morale")


class Level(models.IntegerChoices):
    """Certification levels of the domain: a lower one never overwrites a higher one."""

    DECLARED = 100, _("Déclaré par la personne")
    CHECKED_BY_CODE = 200, _("Vérifié par un code")
    UNOFFICIAL_PROOF = 330, _("Justificatif non officiel")
    UNOFFICIAL_PROOF_SEEN = 360, _("Justificatif non officiel vu au guichet")
    OFFICIAL_PROOF = 400, _("Justificatif officiel")
    OFFICIAL_PROOF_SEEN = 500, _("Justificatif officiel vu au guichet")
    FRANCECONNECT = 600, "FranceConnect"


class Presence(models.Model):
    """A sector that a person is known to, hence visible in: by a case there (kept by a trigger of the cases), or by an
    act of it (`by_act`), such as an account at the library."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="presences")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    by_act = models.BooleanField(default=False)
    since = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "sector"], name="people_presence_once")]
        indexes = [models.Index(fields=["sector", "person"], name="people_presence_of_sector")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.sector_id}"


class Sealed(models.Manager):
    """Gives the rows that the scope in force allows, and refuses to give any without one (`scope.OutOfScope`).

    `person`: the way from the row to its person, empty for the person itself.
    """

    def __init__(self, person: str = "") -> None:
        super().__init__()
        self.person = person

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(self._within(scope.current()))

    def _within(self, found: scope.Scope) -> Q:
        before = f"{self.person}__" if self.person else ""
        if found.kind is scope.Kind.PERSON:
            return Q(**{f"{before}pk__in": found.persons})
        if found.kind is scope.Kind.TASK:
            return Q(**{f"{before}authority": found.authority}) if found.authority is not None else Q()
        mine = Presence.objects.filter(sector__in=sectors_of(_account(found), scope.READING))
        return Q(**{f"{before}pk__in": mine.values("person"), f"{before}restricted_at": None})


def _account(found: scope.Scope) -> Account:
    if found.account is None:
        raise scope.OutOfScope
    return found.account


class Person(models.Model):
    """`restricted_at`: the person asked that nobody use what is known of them (GDPR, art. 18): agents no longer see it.
    `merged_into`: the same human being, under another row that is now the one in use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NATURAL)
    created_at = models.DateTimeField(auto_now_add=True)
    restricted_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    objects = Sealed()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.id)


class Certified:
    """What has a level until it expires: an attribute, a tie."""

    level: Any
    expires_at: Any

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def level_now(self) -> Level:
        """What it is worth today: once expired, no more than what somebody says."""
        return Level.DECLARED if self.has_expired else Level(self.level)


class Attribute(Certified, models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    level = models.IntegerField(choices=Level.choices, default=Level.DECLARED)
    source = models.CharField(max_length=60, default="declared")
    certified_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    # What it is looked for by: without accents nor capitals, the postal code of an address. Stored, because row-level
    # security keeps an index of an expression from being used. Written by the database.
    normal = models.GeneratedField(
        expression=Func(F("key"), F("value"), function="people_normal"),
        output_field=models.CharField(max_length=200, null=True),
        db_persist=True,
    )

    objects = Sealed("person")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="people_attribute_once"),
            models.CheckConstraint(condition=Q(level__gte=100, level__lte=600), name="people_attribute_level"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("certified_at")),
                name="people_attribute_expiry",
            ),
        ]
        indexes = [models.Index(fields=["key", "normal"], name="people_attribute_searched")]

    def __str__(self) -> str:
        return f"{self.key} ({self.level})"


class Change(models.Model):
    """One writing of one attribute, by whom (`scope.Scope.author`), with the level before and after; an empty `level`
    says that it was taken away. Written by a trigger at each writing, whatever writes; never changed, and gone with the
    person alone."""

    # The database removes them with the person: nobody may, by themselves.
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    level_before = models.IntegerField(null=True)
    level = models.IntegerField(null=True)
    source = models.CharField(max_length=60)
    author = models.CharField(max_length=100)
    at = models.DateTimeField(db_default=models.functions.Now())

    objects = Sealed("person")

    class Meta:
        db_table = "people_history"
        base_manager_name = "objects"
        indexes = [models.Index(fields=["person", "-id"], name="people_history_of_person")]

    def __str__(self) -> str:
        return f"{self.key} {self.level_before or 0} → {self.level or 0}"


class Figure(models.Model):
    """Counted one night, of a whole authority: persons who have the attribute, and the sum of their levels. An empty
    key counts the persons themselves."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, default="")
    counted_on = models.DateField()
    persons = models.PositiveIntegerField()
    levels = models.PositiveBigIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "people_figure"
        constraints = [models.UniqueConstraint(fields=["authority", "counted_on", "key"], name="people_figure_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.persons}"
