"""Changing the answers of a sent request: buffered while they are written, made at once. The only writer here.

Each verb is one transaction. What is typed is kept right or wrong, so that nothing typed is lost; nothing of it touches
the case before it is sent.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, amending
from etoile.gru.cases import services as cases
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.amending import Amendment
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import locked
from etoile.gru.cases.states import OPEN
from etoile.gru.cases.typed import readable
from etoile.gru.corrections import faults, following, opening
from etoile.gru.corrections.effects import Effects, effects
from etoile.gru.corrections.errors import ChangedMeanwhile, NothingChanged, Wrong
from etoile.gru.corrections.models import Revision
from etoile.gru.corrections.revised import Revised, buffered, same
from etoile.gru.documents import services as document_services
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import Received
from etoile.gru.filling import rows
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.file import File
from etoile.gru.forms.fields.repeated import REPEATED
from etoile.gru.forms.sensitive import open_sealed, seal
from etoile.gru.forms.validation import FieldError
from etoile.gru.outbox.services import hold

REASON_LIMIT = 500
# An edit that an agent left without saving it.
FORGOTTEN = timedelta(days=7)


def ask(
    case_id: uuid.UUID,
    account: Account,
    *,
    wrong: Sequence[Mapping[str, str]],
    deadline: date,
    indispensable: bool = True,
    comment: str = "",
    expected_version: int | None = None,
) -> DocumentRequest:
    """Ask the person to correct answers; `wrong` as `faults.items` reads it. It is a request of CRPA L114-5: letter,
    delay and effect on the silence are those of missing documents. Raises `StaleCase`, and what `faults.items` does."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        listed = faults.items(case, wrong, indispensable=indispensable)
        return cases.ask_document(case_id, account, items=listed, deadline=deadline, comment=comment)


def keep(revised: Revised, raw: Mapping[str, Any]) -> Revised:
    """Buffer what was typed on the page; questions not shown are ignored. `raw` as read by `forms.reading`."""
    with transaction.atomic():
        revision = opening.ensured(revised.revision)
        typed = buffered(revision, revised.definition)
        for each in revised.page.fields:
            if each.id in raw and not TYPES[each.type].holds_files:
                typed[each.id] = _read(each, raw[each.id], {**revised.current, **typed}.get(each.id))
        return _buffer(revised, revision, typed)


def remove_row(revised: Revised, block: Field, row: str) -> Revised:
    """Take a row of a block away."""
    kept = rows.without(REPEATED.normalise(revised.answers.get(block.id), block) or [], row)
    with transaction.atomic():
        revision = opening.ensured(revised.revision)
        return _buffer(revised, revision, {**buffered(revision, revised.definition), block.id: kept})


def attach(revised: Revised, each: Field, upload: UploadedFile, *, lighten: bool = False) -> Document:
    """A file for a question of the page. Raises `documents.services.DocumentRefused`."""
    kind = TYPES[each.type]
    if not isinstance(kind, File) or each.id.partition(".")[0] not in revised.shown:
        raise document_services.DocumentRefused(_("Cette question n’attend pas de fichier."))
    given = document_services.received(upload, accept=kind.accept(each), max_size=kind.max_size(each), lighten=lighten)
    with given as file, transaction.atomic():
        revision = opening.ensured(revised.revision)
        if Document.objects.filter(holder=revision.id, field=each.id).count() >= kind.max_count(each):
            raise document_services.DocumentRefused(
                _("Vous avez déjà joint le nombre de fichiers permis. Retirez-en un d’abord.")
            )
        return document_services.keep(file, revised.case.authority, revision.id, field=each.id)


def detach(revised: Revised, document_id: uuid.UUID) -> None:
    """Take away a file given meanwhile; those of the case stay."""
    with transaction.atomic():
        revision = opening.ensured(revised.revision)
        for each in Document.objects.filter(holder=revision.id, pk=document_id):
            document_services.remove(each)


def send(case_id: uuid.UUID, request_id: uuid.UUID, actor: Actor) -> Case:
    """The person sends their corrections, all at once. Sent again, it is a refusal in plain words.

    Raises `Wrong`, `NothingChanged`, or a `CaseError` when they are no longer awaited.
    """
    with transaction.atomic():
        case = locked(case_id)
        request = DocumentRequest.objects.filter(case=case, pk=request_id).first()
        if request is None or not request.is_correction:
            raise CaseError(_("Ces corrections ne sont plus attendues."))
        revised = opening.of_person(case, request, lock=True)
        found = _judged(revised)
        amending.correct(case, actor, _made(revised, found, actor), request)
        following.follow(case, actor, found)
    return case


def save(case_id: uuid.UUID, account: Account, *, reason: str, read: str) -> Case:
    """An agent makes the changes they wrote and read again, and says why: the person reads it.

    `read` is the `opening.mark` of the answers that the summary compared with. Raises `Wrong`, `NothingChanged`,
    `Incomplete` without a reason, `ChangedMeanwhile` when the answers are no longer those.
    """
    reason = _said(reason)
    with transaction.atomic():
        case = locked(case_id)
        if opening.mark(case) != read:
            raise ChangedMeanwhile
        actor = actors.agent(account)
        revised = opening.of_agent(case, account, lock=True)
        found = _judged(revised)
        amending.edit(case, actor, _made(revised, found, actor, reason))
        following.follow(case, actor, found)
    return case


def change(
    case_id: uuid.UUID,
    account: Account,
    answers: Mapping[str, Any],
    *,
    reason: str,
    files: Mapping[str, Sequence[Received]] | None = None,
    expected_version: int | None = None,
) -> Revision:
    """As `save`, for changes given whole, by question; None takes an answer away, a block is given with all its rows.
    `files` take the place of those that answered the same questions. What the agent has begun to write on screen stays
    as it is. Raises the same, and `StaleCase`."""
    reason = _said(reason)
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        revision, actor = Revision(case=case, account=account), actors.agent(account)
        opened = opening.opened(case, revision)
        asked = {each.id: each for each in opened.definition.fields}
        typed = {name: TYPES[asked[name].type].normalise(raw, asked[name]) for name, raw in answers.items()
                 if name in opened.asked}  # fmt: skip
        given = {name: [document_services.keep(each, case.authority, revision.id, field=name) for each in joined]
                 for name, joined in (files or {}).items()}  # fmt: skip
        # Not through the buffer: what is in it was read by the server, and rows of tables in it are believed.
        revised = replace(opened, typed=typed, given=given)
        refused = [name for name in (*answers, *given) if name not in revised.shown
                   or TYPES[asked[name].type].holds_files != (name in given)]  # fmt: skip
        if refused:
            raise Wrong([FieldError(name, _("Cette réponse ne peut pas être changée ici.")) for name in refused])
        found = _judged(revised)
        amending.edit(case, actor, _made(revised, found, actor, reason))
        following.follow(case, actor, found)
    return revision


def abandon(revised: Revised) -> None:
    """Give up what was typed."""
    with transaction.atomic():
        document_services.remove_all([revised.revision.id])
        Revision.objects.filter(pk=revised.revision.pk, sent_at=None).delete()


def purge() -> int:
    """Forget edits left unsaved, and corrections that are no longer awaited. Returns how many."""
    unsent = Revision.objects.filter(sent_at=None)
    old = list(
        unsent.filter(request=None, updated_at__lt=timezone.now() - FORGOTTEN).values_list("pk", flat=True)[:500]
    )
    ended = unsent.exclude(case__state__in=sorted(OPEN)).filter(request__isnull=False)
    gone = [*old, *ended.values_list("pk", flat=True)[:500]]
    with transaction.atomic():
        document_services.remove_all(gone)
        return Revision.objects.filter(pk__in=gone, sent_at=None).delete()[0]


def _said(reason: str) -> str:
    reason = readable(reason)[:REASON_LIMIT]
    if not reason:
        raise Incomplete(_("Écrivez pourquoi vous changez ces réponses : la personne le lira."))
    return reason


def _judged(revised: Revised) -> Effects:
    """What the change entails, once it may be made; what was published of the request stays where it is meanwhile."""
    errors = revised.errors()
    if errors:
        raise Wrong(errors)
    if not revised.changes:
        raise NothingChanged
    hold(revised.case.subject)
    return effects(revised)


def _made(revised: Revised, found: Effects, actor: Actor, reason: str = "") -> Amendment:
    """What the case becomes; the revision keeps what was there before."""
    case, revision, changes = revised.case, revised.revision, revised.changes
    definition, files = revised.definition, [name for name in changes if name in revised.given]
    before = {name: pair[0] for name, pair in changes.items()}
    after = {name: pair[1] for name, pair in changes.items()}
    revision.before = seal(definition, before, holder=revision.id)
    revision.after = seal(definition, after, holder=revision.id)
    revision.answers, revision.author, revision.reason, revision.sent_at = {}, actor.name, reason, timezone.now()
    revision.version = case.procedure_version
    revision.save()
    given = _given(revised, files)
    declared = {each.id for each in definition.declarations}
    answers = {name: value for name, value in case.answers.items() if name in declared}
    kept = {**answers, **seal(definition, revised.fresh, holder=case.id)}
    with translation.override(case.language):
        named = (definition.field(name) for name in changes)
        labels = list(dict.fromkeys(str(each.label) for each in named if each is not None))
    return Amendment(
        answers=kept,
        changed={name: value for name, value in after.items() if name not in files},
        labels=labels,
        documents=given,
        reason=reason,
        price=found.price,
        former=found.before.total,
        proposed=found.proposed,
        missing=found.missing if found.wants_else else None,
        # Given to another team, it is published by that, as that team has it.
        again=() if found.moves else following.published(case, open_sealed(kept, holder=case.id), found),
    )


def _given(revised: Revised, names: Sequence[str]) -> list[Document]:
    """Hand the files given to the case: they take the place of those that answered the same questions."""
    former = [each for name in names for each in revised.held.get(name, ())]
    given = [each for name in names for each in revised.given[name]]
    document_services.hand_over(given, revised.case.id, instead_of=former)
    document_services.remove_all([revised.revision.id])
    return given


def _read(each: Field, raw: Any, before: Any) -> Any:
    value = TYPES[each.type].normalise(raw, each)
    if each.fields:
        return rows.merged(REPEATED.normalise(before, each) or [], value or [])
    return value


def _buffer(revised: Revised, revision: Revision, typed: Mapping[str, Any]) -> Revised:
    """What is typed as the case has it is not a change: whoever corrects that answer meanwhile is not covered."""
    changed = {name: value for name, value in typed.items() if not same(revised.current.get(name), value)}
    revision.answers = seal(revised.definition, changed, holder=revision.id)
    revision.save(update_fields=["answers", "updated_at"])
    return opening.opened(revised.case, revision, revised.asked)
