"""A draft that is open, and the ways to open it: its key, the lock that makes one writer of two tabs."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.documents.models import Document
from etoile.gru.documents.queries import by_question
from etoile.gru.filling import keys, prefilling, waiving
from etoile.gru.filling.errors import DraftConfirmed, DraftUnknown, StepRefused
from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.filling.judging import trusted
from etoile.gru.filling.models import Draft
from etoile.gru.filling.progress import Progress, progress
from etoile.gru.forms.definition import Definition, Page
from etoile.gru.forms.models import ProcedureState, ProcedureVersion
from etoile.gru.forms.sensitive import open_sealed, seal

KEPT = timedelta(days=7)


@dataclass
class Filling:
    """An open draft with what every page needs of it, read in two statements. `answers` are in clear."""

    draft: Draft
    answers: dict[str, Any]
    documents: dict[str, list[Document]] = field(default_factory=dict)
    # Lookups that were answered while this page was saved: the person has not seen what they say.
    arrived: frozenset[str] = frozenset()
    # The namespace of the pages it is filled in: the portal's, or those of an agent who enters it for the person.
    within: str = "portal"
    _evaluated: tuple[Any, Evaluated] | None = field(default=None, repr=False, compare=False)

    @property
    def version(self) -> ProcedureVersion:
        return self.draft.version

    @property
    def definition(self) -> Definition:
        return waiving.definition_of(self.draft)

    @property
    def saved_at(self) -> datetime | None:
        """When something of it was last kept; None while nothing was."""
        anything = self.answers or self.draft.completed or any(self.documents.values())
        return self.draft.updated_at if anything else None

    @property
    def evaluated(self) -> Evaluated:
        """What these answers make of the form: computed when they change, not each time it is asked."""
        files = tuple((name, len(given)) for name, given in self.documents.items())
        mark = (self.draft.version_id, id(self.answers), files)
        if self._evaluated is None or self._evaluated[0] != mark:
            known = {name: list(given) for name, given in self.documents.items()}
            self._evaluated = mark, Evaluated(self.definition, self.answers, known)
        return self._evaluated[1]

    @property
    def progress(self) -> Progress:
        return progress(self.evaluated, self.draft.completed)

    @property
    def fixed(self) -> set[str]:
        """The questions whose answer was filled in beforehand and is only read."""
        return prefilling.fixed_now(self.definition, self.draft.prefilled, self.answers)

    @property
    def outdated(self) -> bool:
        """A newer version was published since: `moving` brings the draft to it."""
        return self.version.procedure.current_id not in (None, self.version.pk)

    @property
    def closed(self) -> bool:
        return self.version.procedure.state != ProcedureState.PUBLISHED

    def page(self, identifier: str) -> Page:
        """A visible page whose predecessors are done. Raises `StepRefused`."""
        page = self.definition.page(identifier)
        if page is None or not self.progress.may_open(page):
            raise StepRefused
        return page


def resume(identifier: uuid.UUID, key: str | None, *, authority: Authority) -> Filling:
    """The draft of this key in this authority. Raises `DraftUnknown`. Two statements; `confirmed` drafts come back
    too.
    """
    return filling_of(draft_of(identifier, key, authority))


# What rooms above know that closes a draft to whoever holds its key: each raises a `FillingRefused`.
guards: list[Callable[[Draft], None]] = []


def draft_of(identifier: uuid.UUID, key: str | None, authority: Authority, *, lock: bool = False) -> Draft:
    query = drafts()
    if lock:
        query = query.select_for_update(of=("self",))
    draft = query.filter(pk=identifier, version__procedure__authority=authority).first()
    if draft is None or not keys.opens(draft, key) or draft.expires_at <= timezone.now():
        raise DraftUnknown
    for each in guards:
        each(draft)
    return draft


def drafts() -> QuerySet[Draft]:
    """With all that the pages need of the procedure."""
    return Draft.objects.select_related("version__procedure__team__sector", "version__procedure__authority")


def filling_of(draft: Draft) -> Filling:
    return Filling(draft, clear(draft), by_question(draft.id) if draft.confirmed_at is None else {})


def clear(draft: Draft) -> dict[str, Any]:
    """The answers as they were kept, sealed ones opened."""
    return trusted(draft.version.definition, open_sealed(draft.answers, holder=draft.id))


def locked(draft: Draft) -> Draft:
    """The draft as it is now: two tabs of one person must not overwrite each other's page, nor change what was sent."""
    fresh = drafts().select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if fresh is None:
        raise DraftUnknown
    if fresh.confirmed_at is not None:
        raise DraftConfirmed
    return fresh


def keep(draft: Draft, answers: Mapping[str, Any] | None, completed: list[str], *also: str) -> None:
    """Write what was answered, for seven more days; `also` names other columns to write."""
    if answers is not None:
        draft.answers = seal(draft.version.definition, answers, holder=draft.id)
    draft.completed = completed
    draft.expires_at = timezone.now() + KEPT
    draft.save(update_fields=["answers", "completed", "expires_at", "updated_at", *also])
