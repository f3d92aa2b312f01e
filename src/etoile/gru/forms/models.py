"""Procedures (démarches) and their versions. A published version never changes: a case is frozen to it (a trigger says
no)."""

from django.db import models
from django.db.models import Q

from etoile.gru.access.models import Account, Authority, Team
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.texts import Text

# Keyed by the digest of the source, so a changed draft is parsed again and a published version never is.
_PARSED: dict[str, Definition] = {}
_KEPT = 256


class ProcedureState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    CLOSED = "closed", "Fermée"
    ARCHIVED = "archived", "Archivée"


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def open(self) -> "ProcedureQuerySet":
        return self.filter(state=ProcedureState.PUBLISHED, current__isnull=False)


class Procedure(models.Model):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="procedures")
    slug = models.SlugField(max_length=80)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="procedures")
    state = models.CharField(max_length=10, choices=ProcedureState.choices, default=ProcedureState.DRAFT)
    current = models.OneToOneField(
        "ProcedureVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    closing_reason = models.TextField(blank=True)
    replacement = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="forms_procedure_slug"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(current__isnull=False), name="forms_published_has_version"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class VersionState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"


class ProcedureVersion(models.Model):
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    source = models.JSONField()
    digest = models.CharField(max_length=64)
    title = models.JSONField(default=dict)
    # One more at each change of a draft: an editor says which it saw, and never covers another's work.
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="forms_version_number"),
            models.UniqueConstraint(fields=["procedure"], condition=Q(state="draft"), name="forms_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"

    @property
    def definition(self) -> Definition:
        known = _PARSED.get(self.digest)
        if known is None:
            if len(_PARSED) >= _KEPT:
                _PARSED.clear()
            known = _PARSED[self.digest] = parse(self.source)
        return known

    @property
    def name(self) -> Text:
        return Text.of(self.title)


class ProcedureChange(models.Model):
    """What was done to a procedure: who, when, what, why. Rows are added and never taken away.

    `verb` is a word of `forms.editing.history`; `subject` is `{kind, id, name: {fr, en}}` of what was changed;
    `revision` is the draft's after the change. `before` is the source as it was, kept for the last changes only, so
    that they can be undone.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="changes")
    version_number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.SlugField(max_length=40)
    subject = models.JSONField(default=dict, blank=True)
    why = models.TextField(blank=True)
    before = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["procedure", "-id"], name="forms_change_last")]

    def __str__(self) -> str:
        return f"{self.verb} v{self.version_number} r{self.revision}"
