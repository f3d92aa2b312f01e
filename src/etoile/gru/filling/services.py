"""Filling a form: the verbs shared by the portal and by an entry at the counter. No page here.

A draft's identifier becomes the case's, so whatever is replayed, killed or clicked twice, one draft gives one case.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.access.models import Authority
from etoile.gru.cases import services as cases
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.documents import services as document_services
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import keys
from etoile.gru.filling.models import Draft
from etoile.gru.filling.progress import Progress, progress
from etoile.gru.filling.summaries import SummaryPage, summary_of
from etoile.gru.forms.definition import Definition, Field, Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.file import File
from etoile.gru.forms.models import ProcedureState, ProcedureVersion
from etoile.gru.forms.sensitive import open_sealed, seal
from etoile.gru.forms.validation import FieldError, Result, validate, validate_declarations, visible_sections

KEPT = timedelta(days=7)


class FillingRefused(Exception):
    """What cannot be done with this draft, in words for the person."""


class DraftUnknown(FillingRefused):
    """No such draft for this key, or it has expired. The two are one answer."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce formulaire n’est plus disponible. Recommencez votre demande depuis la page de la démarche.")
        )


class DraftConfirmed(FillingRefused):
    """Already sent: nothing of it changes any more."""

    def __init__(self) -> None:
        super().__init__(_("Cette demande a déjà été envoyée."))


class StepRefused(FillingRefused):
    """A page opened before those that precede it."""

    def __init__(self) -> None:
        super().__init__(_("Répondez d’abord aux pages précédentes."))


class DraftChanged(FillingRefused):
    """Saved meanwhile, from another tab or by the button: what was typed before must not cover it."""

    def __init__(self) -> None:
        super().__init__(_("Ce formulaire a été enregistré ailleurs entre-temps."))


class Invalid(FillingRefused):
    """Answers or declarations are missing or wrong; `errors` says which, `page` is the first page to go back to."""

    def __init__(self, errors: Sequence[FieldError], page: Page | None = None) -> None:
        super().__init__(_("Certaines réponses sont à compléter ou à corriger."))
        self.errors, self.page = tuple(errors), page


@dataclass
class Filling:
    """An open draft with what every page needs of it, read in two statements. `answers` are in clear."""

    draft: Draft
    answers: dict[str, Any]
    documents: dict[str, list[Document]] = field(default_factory=dict)

    @property
    def version(self) -> ProcedureVersion:
        return self.draft.version

    @property
    def definition(self) -> Definition:
        return self.draft.version.definition

    @property
    def saved_at(self) -> datetime | None:
        """When something of it was last kept; None while nothing was."""
        anything = self.answers or self.draft.completed or any(self.documents.values())
        return self.draft.updated_at if anything else None

    @property
    def seen(self) -> dict[str, Any]:
        """What conditions see: answers, and the documents of each file field."""
        return {**self.answers, **{name: given for name, given in self.documents.items() if given}}

    @property
    def progress(self) -> Progress:
        return progress(self.definition, self.seen, self.draft.completed)

    def page(self, identifier: str) -> Page:
        """A visible page whose predecessors are done. Raises `StepRefused`."""
        page = self.definition.page(identifier)
        if page is None or not self.progress.may_open(page):
            raise StepRefused
        return page


def start(version: ProcedureVersion, answers: Mapping[str, Any] | None = None) -> tuple[Draft, str]:
    """A new draft and its key, to be given to the person by `keys.remember`. One statement.

    `answers` are written in advance, to be read again by the person: those of no field, or sensitive, are left out.
    """
    if version.procedure.state != ProcedureState.PUBLISHED or version.procedure.current_id != version.pk:
        raise FillingRefused(_("Cette démarche n’est pas ouverte."))
    key = keys.new_key()
    plain = {each.id for each in version.definition.fields if not each.sensitive}
    given = {name: value for name, value in (answers or {}).items() if name in plain}
    draft = Draft(version=version, key_digest=keys.digest(key), answers=given, expires_at=timezone.now() + KEPT)
    draft.save(force_insert=True)
    return draft, key


def resume(identifier: uuid.UUID, key: str | None, *, authority: Authority) -> Filling:
    """The draft of this key in this authority. Raises `DraftUnknown`. Two statements; `confirmed` drafts come back
    too.
    """
    return _filling(_draft(identifier, key, authority))


def save_page(
    filling: Filling, page: Page, raw: Mapping[str, Any], *, unchanged_since: datetime | None = None
) -> Result:
    """Keep what was typed on a page, right or wrong (nothing typed is lost); the page counts as done when all is right.

    `raw` as read by `forms.reading.answers_of`. The result's errors are those of this page. With `unchanged_since`,
    the `updated_at` that the writer knows of, raises `DraftChanged` if the draft was saved after it.
    """
    with transaction.atomic():
        draft = _locked(filling.draft)
        if unchanged_since is not None and draft.updated_at > unchanged_since:
            raise DraftChanged
        fresh = Filling(draft, open_sealed(draft.answers, holder=draft.id), filling.documents)
        if not fresh.progress.may_open(page):
            raise StepRefused
        theirs = {each.id for each in page.fields}
        merged = {key: value for key, value in fresh.answers.items() if key not in theirs}
        merged |= {key: value for key, value in raw.items() if key in theirs}
        result = validate(fresh.definition, merged, page=page, documents=fresh.documents)
        # An answer hidden for now stays in the draft: changing one's mind twice loses nothing. Sending clears it.
        hidden = {key: value for key, value in fresh.answers.items() if key not in result.visible}
        answers = {**hidden, **result.typed}
        done = [name for name in draft.completed if name != page.id] + ([page.id] if result.valid else [])
        _keep(draft, answers, done)
    filling.draft, filling.answers = draft, answers
    return result


def attach(filling: Filling, each: Field, upload: UploadedFile) -> Document:
    """Add a file to a file field. Raises `documents.services.DocumentRefused`; nothing is kept then."""
    with transaction.atomic():
        draft = _locked(filling.draft)
        kind = TYPES[each.type]
        if not isinstance(kind, File) or filling.definition.field(each.id) is None:
            raise DocumentRefused(_("Cette question n’attend pas de fichier."))
        held = Document.objects.filter(holder=draft.id, field=each.id).count()
        if held >= kind.max_count(each):
            raise DocumentRefused(
                ngettext(
                    "Vous avez déjà joint le seul fichier permis. Retirez-le d’abord.",
                    "Vous avez déjà joint %(count)d fichiers, le nombre permis. Retirez-en un d’abord.",
                    held,
                )
                % {"count": held}
            )
        document = document_services.store(
            draft.version.procedure.authority,
            draft.id,
            upload,
            field=each.id,
            accept=kind.accept(each),
            max_size=kind.max_size(each),
        )
    filling.documents.setdefault(each.id, []).append(document)
    return document


def remove_document(filling: Filling, identifier: uuid.UUID) -> bool:
    """Take a file of this draft away; False when it holds none of this identifier."""
    with transaction.atomic():
        draft = _locked(filling.draft)
        document = Document.objects.filter(pk=identifier, holder=draft.id).first()
        if document is None:
            return False
        page = filling.definition.page_of(document.field)
        if page is not None and page.id in draft.completed:
            _keep(draft, None, [name for name in draft.completed if name != page.id])
        document_services.remove(document)
    filling.draft = draft
    filling.documents[document.field] = [
        each for each in filling.documents.get(document.field, []) if each.pk != identifier
    ]
    return True


def summary(filling: Filling) -> tuple[SummaryPage, ...]:
    """Every answer in words, page by page. Raises `StepRefused` while a page is not done."""
    if not filling.progress.complete:
        raise StepRefused
    return summary_of(filling.definition, filling.answers, filling.documents)


def confirm(
    identifier: uuid.UUID,
    key: str | None,
    *,
    authority: Authority,
    declarations: Mapping[str, Any],
    channel: Channel = Channel.WEB,
    language: str = "fr",
) -> Case:
    """Send: the case, its receipt and its event, all or nothing. Confirming again returns the same case.

    Raises `DraftUnknown`, or `Invalid` when an answer no longer holds (a date now past, say) or a declaration is
    missing.
    Three statements besides those of `cases.services.submit`.
    """
    with transaction.atomic():
        draft = _draft(identifier, key, authority, lock=True)
        if draft.confirmed_at is not None:
            return Case.objects.select_related("procedure_version__procedure", "team").get(pk=draft.id)
        filling = _filling(draft)
        answers = _checked(filling, declarations)
        definition = filling.definition
        visible = [each for group in filling.documents.values() for each in group if each.field in answers.file_fields]
        case = cases.submit(
            authority=authority,
            version=draft.version,
            applicant=applicant_of(definition, answers.values),
            answers={key: value for key, value in answers.values.items() if not _of_applicant(definition, key)},
            documents=visible,
            case_id=draft.id,
            channel=channel,
            language=language,
        )
        draft.answers, draft.completed, draft.confirmed_at = {}, [], timezone.now()
        draft.save(update_fields=["answers", "completed", "confirmed_at", "updated_at"])
    return case


def prolong(filling: Filling) -> None:
    """Keep it as long as if it had just been saved."""
    with transaction.atomic():
        draft = _locked(filling.draft)
        draft.expires_at = timezone.now() + KEPT
        draft.save(update_fields=["expires_at"])
    filling.draft = draft


def abandon(filling: Filling) -> None:
    """Erase at once everything typed and given (RGPD article 17: a draft is nobody's file yet)."""
    with transaction.atomic():
        draft = _locked(filling.draft)
        document_services.remove_all([draft.id])
        draft.delete()


def purge() -> int:
    """Erase expired drafts, and forget those sent (their case has its own life). Returns how many."""
    expired = Draft.objects.filter(expires_at__lt=timezone.now())
    unsent = list(expired.filter(confirmed_at__isnull=True).values_list("id", flat=True)[:1000])
    document_services.remove_all(unsent)
    removed, _each = expired.filter(pk__in=unsent).delete()
    forgotten, _each = expired.filter(confirmed_at__isnull=False).delete()
    return removed + forgotten


def applicant_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Who asks, as the contract writes it, from the fields that say it."""
    applicant = {
        each.applicant: answers[each.id] for each in definition.fields if each.applicant and each.id in answers
    }
    applicant["kind"] = "legal" if applicant.get("kind") not in (None, "natural", "individual") else "natural"
    if isinstance(applicant.get("address"), Mapping):
        given = applicant["address"]
        applicant["address"] = {**given, "lines": str(given["lines"]).split("\n")}
    return applicant


@dataclass(frozen=True, slots=True)
class _Checked:
    values: dict[str, Any]
    file_fields: frozenset[str]


def _checked(filling: Filling, declarations: Mapping[str, Any]) -> _Checked:
    """Everything again, at once: the definition, not the browser, says what is sent. Hidden answers are cleared
    here.
    """
    definition = filling.definition
    result = validate(definition, filling.answers, documents=filling.documents)
    if result.errors:
        raise Invalid(result.errors, definition.page_of(result.errors[0].field))
    if not filling.progress.complete:
        raise StepRefused
    agreed = validate_declarations(definition, declarations)
    if agreed.errors:
        raise Invalid(agreed.errors)
    seen = {**result.cleaned, **{name: given for name, given in filling.documents.items() if given}}
    shown = {each.id for page in definition.pages for _s, fields in visible_sections(page, seen) for each in fields}
    return _Checked({**result.cleaned, **agreed.cleaned}, frozenset(shown))


def _of_applicant(definition: Definition, identifier: str) -> bool:
    each = definition.field(identifier)
    return each is not None and bool(each.applicant)


def _draft(identifier: uuid.UUID, key: str | None, authority: Authority, *, lock: bool = False) -> Draft:
    query = Draft.objects.select_related("version__procedure__team__sector", "version__procedure__authority")
    if lock:
        query = query.select_for_update(of=("self",))
    draft = query.filter(pk=identifier, version__procedure__authority=authority).first()
    if draft is None or not keys.opens(draft, key) or draft.expires_at <= timezone.now():
        raise DraftUnknown
    return draft


def _filling(draft: Draft) -> Filling:
    by_field: dict[str, list[Document]] = defaultdict(list)
    if draft.confirmed_at is None:
        for document in Document.objects.filter(holder=draft.id):
            by_field[document.field].append(document)
    return Filling(draft, open_sealed(draft.answers, holder=draft.id), dict(by_field))


def _locked(draft: Draft) -> Draft:
    """The draft as it is now: two tabs of one person must not overwrite each other's page, nor change what was sent."""
    query = Draft.objects.select_related("version__procedure__team__sector", "version__procedure__authority")
    fresh = query.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if fresh is None:
        raise DraftUnknown
    if fresh.confirmed_at is not None:
        raise DraftConfirmed
    return fresh


def _keep(draft: Draft, answers: Mapping[str, Any] | None, completed: list[str]) -> None:
    if answers is not None:
        draft.answers = seal(draft.version.definition, answers, holder=draft.id)
    draft.completed = completed
    draft.expires_at = timezone.now() + KEPT
    draft.save(update_fields=["answers", "completed", "expires_at", "updated_at"])
