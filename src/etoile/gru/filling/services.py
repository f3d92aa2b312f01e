"""Filling a form: the verbs shared by the portal and by an entry at the counter. No page here.

A draft's identifier becomes the case's, so whatever is replayed, killed or clicked twice, one draft gives one case.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.cases import services as cases
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.documents import services as document_services
from etoile.gru.filling import asking as inquiring
from etoile.gru.filling import closing, files, keys, prefilling, rows
from etoile.gru.filling.errors import (
    DraftChanged,
    DraftOutdated,
    FillingRefused,
    Ineligible,
    Invalid,
    ProcedureClosed,
    StepRefused,
)
from etoile.gru.filling.identified import Unidentified, is_enough
from etoile.gru.filling.judging import judge
from etoile.gru.filling.mandates import Mandate
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import KEPT, Filling, clear, draft_of, filling_of, keep, locked
from etoile.gru.filling.submission import submission
from etoile.gru.filling.summaries import SummaryPage, summary_of
from etoile.gru.forms.definition import Definition, Field, Page
from etoile.gru.forms.fields.lookup import Held
from etoile.gru.forms.fields.repeated import REPEATED
from etoile.gru.forms.models import ProcedureState, ProcedureVersion
from etoile.gru.forms.rules import Ineligibility
from etoile.gru.forms.validation import Result, kept, validate_declarations


def start(
    version: ProcedureVersion,
    answers: Mapping[str, Any] | None = None,
    *,
    prefilled: Mapping[str, Any] | None = None,
    mandate: Mandate | None = None,
    waived: Sequence[str] = (),
    key_of: Callable[[uuid.UUID], str] | None = None,
) -> tuple[Draft, str]:
    """A new draft and its key, to be given to the person by `keys.remember`. One statement.

    `answers` are written in advance, to be read again by the person: those of no field, or sensitive, are left out.
    `prefilled` are too, and the server knows that it gave them: see `prefilling`. An agent who enters for somebody else
    gives `key_of`, which makes the key from the draft's identifier, and what is `waived` (see `waiving`).
    """
    if version.procedure.state != ProcedureState.PUBLISHED or version.procedure.current_id != version.pk:
        raise FillingRefused(_("Cette démarche n’est pas ouverte."))
    plain = {each.id for each in version.definition.fields if not each.sensitive}
    told = {name: value for name, value in (prefilled or {}).items() if name in plain}
    given = {name: value for name, value in (answers or {}).items() if name in plain}
    draft = Draft(
        version=version,
        waived=list(waived),
        answers={**given, **told},
        prefilled=told,
        mandate=mandate.data() if mandate else {},
        expires_at=timezone.now() + KEPT,
    )
    key = key_of(draft.id) if key_of is not None else keys.new_key()
    draft.key_digest = keys.digest(key)
    draft.save(force_insert=True)
    return draft, key


def save_page(
    filling: Filling,
    page: Page,
    raw: Mapping[str, Any],
    *,
    unchanged_since: datetime | None = None,
    asking: bool = True,
    again: Collection[str] = (),
) -> Result:
    """Keep what was typed on a page, right or wrong (nothing typed is lost); the page counts as done when all is right.

    `raw` as read by `forms.reading.answers_of`. The result's errors are those of this page. With `unchanged_since`,
    the `updated_at` that the writer knows of, raises `DraftChanged` if the draft was saved after it.

    Then, unless told otherwise, what the form needs is asked through the hub, outside any transaction, and kept:
    those of `filling.arrived`. `again` names lookups that failed, to be tried once more.
    """
    result = _save(filling, page, raw, unchanged_since=unchanged_since)
    filling.arrived = frozenset()
    if not asking:
        return result
    here = {each.id: each for each in (page, *filling.progress.reachable)}.values()
    questions = inquiring.due(filling.version, result, filling.answers, list(here), again)
    if questions:
        told = inquiring.ask(questions, filling.answers)
        filling.arrived = frozenset(told)
        result = _save(filling, page, {**told, **_filled_in(filling, told)})
    return result


def _save(filling: Filling, page: Page, raw: Mapping[str, Any], *, unchanged_since: datetime | None = None) -> Result:
    with transaction.atomic():
        draft = locked(filling.draft)
        if unchanged_since is not None and draft.updated_at > unchanged_since:
            raise DraftChanged
        fresh = Filling(draft, clear(draft), filling.documents)
        if not fresh.progress.may_open(page):
            raise StepRefused
        result = judge(
            fresh.version,
            fresh.answers,
            _posted(fresh, page, raw),
            page=page,
            documents=fresh.documents,
            prefilled=draft.prefilled,
            waived=draft.waived,
        )
        answers = kept(fresh.definition, fresh.answers, result)
        done = [name for name in draft.completed if name != page.id] + ([page.id] if result.valid else [])
        keep(draft, answers, done)
    filling.draft, filling.answers = draft, answers
    return result


def _filled_in(filling: Filling, told: Mapping[str, Any]) -> dict[str, Any]:
    """What these lookups fill in, where the person answered nothing yet."""
    values = prefilling.from_lookups(filling.definition, {**filling.answers, **told})
    theirs = prefilling.following(filling.definition, told, readonly=False)
    return {name: value for name, value in values.items() if name in theirs and name not in filling.answers}


def remove_row(filling: Filling, page: Page, block: Field, row: str) -> None:
    """Take a row of a block away, with its files. Harmless when it is gone already."""
    with transaction.atomic():
        draft = locked(filling.draft)
        answers = clear(draft)
        answers[block.id] = rows.without(answers.get(block.id) or [], row)
        if not answers[block.id]:
            del answers[block.id]
        keep(draft, answers, [name for name in draft.completed if name != page.id])
        for name in [name for name in filling.documents if name.startswith(f"{block.id}.{row}.")]:
            for document in filling.documents.pop(name):
                document_services.remove(document)
    filling.draft, filling.answers = draft, answers


def judged(filling: Filling, page: Page | None = None) -> Result:
    """The answers of the draft as they stand today, in the tables of today; with `page`, its errors only."""
    return judge(
        filling.version,
        filling.answers,
        page=page,
        documents=filling.documents,
        prefilled=filling.draft.prefilled,
        waived=filling.draft.waived,
    )


def summary(filling: Filling) -> tuple[SummaryPage, ...]:
    """Every answer in words, page by page. Raises `StepRefused` while a page is not done."""
    if not filling.progress.complete:
        raise StepRefused
    return summary_of(filling.evaluated)


def confirm(
    identifier: uuid.UUID,
    key: str | None,
    *,
    authority: Authority,
    declarations: Mapping[str, Any],
    channel: Channel = Channel.WEB,
    language: str = "fr",
    actor: Actor | None = None,
    submitted_at: datetime | None = None,
    person: uuid.UUID | None = None,
    identity: str = "",
) -> Case:
    """Send: the case, its receipt and its event, all or nothing. Confirming again returns the same case.

    Raises `DraftUnknown`, `DraftOutdated` (see `moving`), `ProcedureClosed`, `Ineligible`, or `Invalid` when an
    answer no longer holds (a date now past, say) or a declaration is missing. `actor`, `submitted_at` and `person`
    are as in `cases.services.submit`; `identity` is what was shown of who sends (see `identified`): `Unidentified` is
    raised when it is not enough. Three statements besides those of `cases.services.submit`.
    """
    with transaction.atomic():
        draft = draft_of(identifier, key, authority, lock=True)
        if draft.confirmed_at is not None:
            return Case.objects.select_related("procedure_version__procedure", "team").get(pk=draft.id)
        filling = filling_of(draft)
        if filling.closed:
            raise ProcedureClosed(draft.version.procedure.closing_reason)
        if filling.outdated:
            raise DraftOutdated
        if not is_enough(filling.definition, identity):
            raise Unidentified(_("Cette démarche demande que votre identité soit confirmée avant l’envoi."))
        result, declared = _checked(filling, declarations)
        given = [each for group in filling.documents.values() for each in group]
        sent = {*result.visible, files.ORIGINAL}
        visible = [each for each in given if each.field in sent]
        case = cases.submit(
            **submission(draft.version, result, declared),
            authority=authority,
            version=draft.version,
            documents=visible,
            case_id=draft.id,
            channel=channel,
            language=language,
            mandate=draft.mandate,
            actor=actor,
            submitted_at=submitted_at,
            person=person,
        )
        closing.close(draft, given, sent)
    return case


def prolong(filling: Filling) -> None:
    """Keep it as long as if it had just been saved."""
    with transaction.atomic():
        draft = locked(filling.draft)
        draft.expires_at = timezone.now() + KEPT
        draft.save(update_fields=["expires_at"])
    filling.draft = draft


def abandon(filling: Filling) -> None:
    """Erase at once everything typed and given (RGPD article 17: a draft is nobody's file yet)."""
    with transaction.atomic():
        draft = locked(filling.draft)
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


def _checked(filling: Filling, declarations: Mapping[str, Any]) -> tuple[Result, Result]:
    """Everything again, at once: the definition, not the browser, says what is sent. Hidden answers are cleared
    here.
    """
    definition = filling.definition
    result = judged(filling)
    if result.refusals:
        raise Ineligible(result.refusals, _asked_on(definition, result.refusals[0]))
    if result.errors:
        raise Invalid(result.errors, definition.page_of(result.errors[0].field))
    if not filling.progress.complete:
        raise StepRefused
    agreed = validate_declarations(definition, declarations)
    if agreed.errors:
        raise Invalid(agreed.errors)
    return result, agreed


def _asked_on(definition: Definition, refusal: Ineligibility) -> Page | None:
    """The last page that asks what this refusal is about."""
    pages = [definition.page_of(name) for name in refusal.when.compiled.references]
    asked = {page.id for page in pages if page is not None}
    return next((page for page in reversed(definition.pages) if page.id in asked), None)


def _posted(filling: Filling, page: Page, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What replaces the answers of the draft: those of this page that were posted, and what the hub said."""
    theirs = {each.id for each in page.fields}
    posted = {key: value for key, value in raw.items() if key in theirs or isinstance(value, Held)}
    evaluated = filling.evaluated
    for block in (each for each in page.fields if each.fields and each.id in posted):
        posted[block.id] = rows.merged(evaluated.rows(block), REPEATED.normalise(posted.get(block.id), block) or [])
    return posted
