"""A work on many cases, and each case of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class Kind(models.TextChoices):
    EXPORT = "export", _("Export d’une liste")
    TAKE = "take", _("Prendre en charge")
    ASSIGN = "assign", _("Confier à un agent")
    LABEL = "label", _("Mettre une étiquette")
    MESSAGE = "message", _("Écrire aux personnes")
    CLOSE = "close", _("Classer sans suite")


class State(models.TextChoices):
    WAITING = "waiting", _("en attente")
    RUNNING = "running", _("en cours")
    STOPPED = "stopped", _("arrêté")
    DONE = "done", _("terminé")
    FAILED = "failed", _("interrompu par une panne")


class Format(models.TextChoices):
    CSV = "csv", _("CSV, pour tout tableur")
    ODS = "ods", _("ODS, pour LibreOffice")
    XLSX = "xlsx", _("XLSX, pour Excel")


LIVE = frozenset({State.WAITING, State.RUNNING})


class Batch(models.Model):
    """One work asked by one agent; its row is the record of who asked what, and stays.

    `asked` is what an act does, emptied at `forgotten_at` with the items; `query` is the list it comes from, as the
    address of its page says it. `through` is the program that asked in the name of the agent, empty on screen.
    `total`, `done`: cases of an export; an act counts its items. Of an export: `format`, `size` in bytes, `sha256` in
    hexadecimal; its file is removed at `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    through = models.CharField(max_length=255, default="", blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked = models.JSONField(default=dict)
    query = models.TextField(default="")
    language = models.CharField(max_length=10, default="fr")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    format = models.CharField(max_length=4, choices=Format.choices, default="", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    fetched = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "batches_batch"
        indexes = [
            models.Index(name="batches_of_agent", fields=["account", "-created_at"]),
            models.Index(name="batches_of_authority", fields=["authority", "kind", "-created_at"]),
            models.Index(
                name="batches_live",
                fields=["touched_at"],
                condition=models.Q(state__in=sorted(state.value for state in LIVE)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_file(self) -> bool:
        return self.kind == Kind.EXPORT and self.state == State.DONE and self.removed_at is None


class Item(models.Model):
    """One case of an act: not a foreign key, since a case may be eliminated while the report is still read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        DONE = "done", _("fait")
        REFUSED = "refused", _("refusé")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    case_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    words = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "batches_item"
        constraints = [models.UniqueConstraint(name="batches_item_once", fields=["batch", "case_id"])]
        indexes = [models.Index(name="batches_item_state", fields=["batch", "state", "number"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class Exported(models.Model):
    """A handful of the cases that are in the file of an export: what a person is told of who had their data.

    Five hundred by row, under an index that says where one case is: no row each. Kept as long as the audit log; keys
    that are not foreign, since a case may be eliminated meanwhile.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    cases = ArrayField(models.UUIDField())

    class Meta:
        db_table = "batches_exported"
        indexes = [GinIndex(name="batches_exported_of_case", fields=["cases"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {len(self.cases)}"
