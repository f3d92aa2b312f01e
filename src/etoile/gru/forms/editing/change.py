"""The one way a draft changes: locked, compared with the revision the writer saw, read again, written down."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.editing.errors import DraftMoved, EditRefused
from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.editing.words import in_plain_words
from etoile.gru.forms.models import Procedure, ProcedureChange, ProcedureVersion, VersionState
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.recording import record
from etoile.gru.forms.services import digest_of, team_of

# How many changes can be undone one after the other.
UNDOABLE = 20


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes which draft, and the revision they saw. `why` is kept in the history."""

    procedure: Procedure
    revision: int
    by: Account | None = None
    why: str = ""


@dataclass
class Change:
    """One change under way: `source` is to be modified, `subject` says of what the history will speak."""

    source: Source
    subject: dict[str, Any] = field(default_factory=dict)
    # Identifiers of the version in service: a new question never takes the place of a removed one.
    reserved: frozenset[str] = frozenset()
    draft: ProcedureVersion | None = None

    def about(self, kind: str, node: Mapping[str, Any]) -> None:
        name = node.get("label") or node.get("title") or node.get("message") or {}
        self.subject = {"kind": kind, "id": str(node.get("id", "")), "name": name}


@contextmanager
def changing(edit: Edit, verb: str) -> Iterator[Change]:
    """`with changing(edit, "field_added") as change:` modify `change.source`; the draft is kept at the end.

    Raises `DraftMoved` when the revision is not the one seen, `EditRefused` when what results cannot be read: nothing
    is changed then. Statements: lock, read of the version in service, save, history, forgetting of old history.
    """
    with transaction.atomic():
        draft = _locked(edit)
        change = Change(Source(copy.deepcopy(draft.source)), reserved=_in_service(draft.procedure))
        yield change
        if change.source.data == draft.source:
            change.draft = draft
            return
        before, draft.source = draft.source, change.source.data
        _keep(draft, edit, verb, change.subject, before)
        change.draft = draft


def undo(edit: Edit) -> ProcedureVersion:
    """Put the draft back as it was before its last change. Undone twice, the change is there again."""
    with transaction.atomic():
        draft = _locked(edit)
        last = ProcedureChange.objects.filter(procedure=draft.procedure, version_number=draft.number).order_by("-pk")
        change = last.first()
        if change is None or change.revision != draft.revision or change.before is None:
            raise EditRefused(
                [_("Il n’y a plus rien à annuler : cette version a été reprise ou publiée depuis. Revenez au plan.")]
            )
        before, draft.source = draft.source, change.before
        _keep(draft, edit, "undone", change.subject, before)
    return draft


def _locked(edit: Edit) -> ProcedureVersion:
    draft = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .select_related("procedure__authority", "procedure__current")
        .filter(procedure=edit.procedure, state=VersionState.DRAFT)
        .first()
    )
    if draft is None or draft.revision != edit.revision:
        raise DraftMoved
    return draft


def _in_service(procedure: Procedure) -> frozenset[str]:
    return frozenset() if procedure.current is None else frozenset(Source(procedure.current.source).identifiers())


def _keep(draft: ProcedureVersion, edit: Edit, verb: str, subject: Mapping[str, Any], before: Node) -> None:
    try:
        definition = parse(draft.source)
        team = team_of(draft.procedure.authority, definition)
    except DefinitionError as error:
        raise EditRefused(in_plain_words(error.problems, draft.source)) from error
    draft.digest, draft.title = digest_of(draft.source), definition.title.raw()
    draft.revision += 1
    draft.save(update_fields=["source", "digest", "title", "revision"])
    if draft.procedure.current_id is None and draft.procedure.team_id != team.pk:
        Procedure.objects.filter(pk=draft.procedure_id).update(team=team)
    record(draft, verb, by=edit.by, why=edit.why, subject=subject, before=before)
    old = ProcedureChange.objects.filter(procedure=draft.procedure, version_number=draft.number, before__isnull=False)
    old.filter(revision__lte=draft.revision - UNDOABLE).update(before=None)
