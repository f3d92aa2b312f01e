"""Asking a question through the hub: the rights, the answer kept, the providers, the journal. The only writer here.

No answer leaves before its line is in the journal, and nothing of a question or of its answer is ever in it. The
database connection is given back before anyone waits for a provider.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from etoile.contract.problem import Violation
from etoile.contract.schemas import words
from etoile.hub.journal import services as journal
from etoile.hub.lookups import asking, failing, keeping, telling
from etoile.hub.lookups.keeping import Kept
from etoile.hub.lookups.questions import Answer, Freshness, NotAllowedError, Question, Try
from etoile.hub.registry import calling
from etoile.hub.registry.directory import ApplicationView, LookupView
from etoile.runtime.background import BusyError
from etoile.sdk import LookupOutcome, LookupResult

# Beyond the time-out of the lookup, which the providers share: the loop may be late.
GRACE = 0.5


def allowed(view: LookupView, application: ApplicationView, purpose: str, procedure: str) -> None:
    """Raises NotAllowedError, once it is in the journal: who tried to read what they may not is known."""
    purposes = view.readers.get(application.slug)
    if purposes is not None and purpose in purposes:
        return
    kind = "lookup-not-allowed" if purposes is None else "purpose-not-allowed"
    detail = {"lookup": view.name, "purpose": purpose, "procedure": procedure, "why": kind}
    with connection.cursor() as cursor:
        journal.record(cursor, "lookup.not_allowed", actor=application.slug, detail=detail)
    raise NotAllowedError(kind)


def violations(view: LookupView, query: dict[str, Any]) -> list[Violation]:
    """What is wrong with a question, without a word of it; pointers start with "/query"."""
    found = [each for error in asking.validator(view.query).iter_errors(query) for each in words.of(error)]
    return [Violation("/query" + each.pointer.removeprefix("/data"), each.detail) for each in found]


def trial(view: LookupView, query: dict[str, Any], *, actor: str, reason: str) -> Question:
    """The question of a person who tries a lookup: it is told apart in the journal, with the reason."""
    return Question(view, query, "", "", actor, reason)


def ask(question: Question, version: int) -> Answer:
    """The answer. `version`: of the registry the question was read in. Raises BusyError when too many are waiting, and
    nothing is known that could be given."""
    started = time.monotonic()
    view = question.view
    with connection.cursor() as cursor:
        kept = keeping.find(cursor, view, question.query)
        if kept is not None and kept.fresh:
            answer = _given_again(kept, Freshness.CACHED)
            _record(cursor, question, answer, started)
            return answer
        standing = failing.standing(cursor, view, version)
        if question.reason:
            # A person who tries wants to know whether it answers now.
            standing = replace(standing, paused=frozenset())
    try:
        tries = _asked(question, standing)
    except BusyError:
        if kept is None:
            raise
        tries = []
    answer = _concluded(view, tries, kept)
    with transaction.atomic(), connection.cursor() as cursor:
        _record(cursor, question, answer, started)
        failing.settle(cursor, view, _telling(question, tries), standing, version)
        if answer.freshness is Freshness.FRESH and answer.provider and answer.at:
            keeping.keep(cursor, view, question.query, answer.data, answer.provider, answer.at)
    return answer


def _asked(question: Question, standing: failing.Standing) -> list[Try]:
    view, query = question.view, question.query
    if all(provider.id in standing.paused for provider in view.providers):
        # Nobody is to be asked: no thread waits.
        outcome = LookupOutcome.unavailable("Ce fournisseur est en pause.", "paused")
        return [Try(provider, outcome, asked=False) for provider in view.providers]
    try:
        return calling.wait(
            lambda: asking.ask_in_order(view, query, standing, asking.door()), seconds=view.timeout + GRACE
        )
    except TimeoutError:
        outcome = LookupOutcome.unavailable("Aucune réponse à temps.", "timeout")
        return [Try(provider, outcome, asked=False) for provider in view.providers]


def _telling(question: Question, tries: Sequence[Try]) -> list[Try]:
    """What may be learnt of the providers. The failures of a person who tries are not: a command line may not see the
    network that the server sees, and must not pause a provider for everybody. That it answered is."""
    if not question.reason:
        return list(tries)
    return [each for each in tries if each.outcome.result is not LookupResult.UNAVAILABLE]


def _concluded(view: LookupView, tries: Sequence[Try], kept: Kept | None) -> Answer:
    """The last word of a provider; when one of them could not be asked, nothing is known for sure."""
    last = tries[-1] if tries else None
    if last is not None and last.outcome.result is LookupResult.FOUND:
        outcome = last.outcome
        freshness = Freshness.STALE if outcome.stale else Freshness.FRESH
        at = outcome.at or datetime.now(UTC)
        return Answer(LookupResult.FOUND, outcome.data, last.provider.slug, at, freshness, tries=tuple(tries))
    if last is not None and last.outcome.result is LookupResult.REFUSED:
        return telling.refused(view, tries)
    if tries and all(each.outcome.result is LookupResult.NOT_FOUND for each in tries):
        return telling.not_found(view, tries)
    if kept is not None:
        return _given_again(kept, Freshness.STALE, tries)
    return telling.unavailable(view, tries)


def _given_again(kept: Kept, freshness: Freshness, tries: Sequence[Try] = ()) -> Answer:
    return Answer(LookupResult.FOUND, kept.data, kept.provider, kept.at, freshness, tries=tuple(tries))


def _record(cursor: Any, question: Question, answer: Answer, started: float) -> None:
    applications = {each.slug: each.application.slug for each in question.view.providers}
    detail = {
        "lookup": question.view.name,
        "procedure": question.procedure,
        "purpose": question.purpose,
        "provider": answer.provider,
        "result": answer.result,
        "freshness": answer.freshness,
        "code": answer.code,
        "milliseconds": round((time.monotonic() - started) * 1000),
        "tries": [
            {"provider": each.provider.slug, "result": each.outcome.result, "milliseconds": each.milliseconds}
            for each in answer.tries
            if each.asked
        ],
        **({"reason": question.reason} if question.reason else {}),
    }
    journal.record(
        cursor,
        "lookup.tried" if question.reason else "lookup.asked",
        actor=question.actor,
        application=applications.get(answer.provider or ""),
        detail=detail,
    )
