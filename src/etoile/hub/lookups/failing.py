"""Providers that do not answer: one row each, shared by all the web processes, gone at the first answer.

After several failures in a row a provider is paused, and nobody waits for it. Once the pause is over one question tries
it, whoever asks; if it fails again the pause doubles. A change of the registry (a new secret, say) is tried at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from etoile.hub.journal import services as journal
from etoile.hub.lookups.questions import Try
from etoile.hub.registry.directory import LookupView, ProviderView
from etoile.sdk import LookupResult

LONGEST_PAUSE = 86_400.0
# Beyond its time-out, a question that tries a paused provider is dead: another may.
LATE = 5.0
# The answer is about who we are: it would be the same to any question.
WHO_WE_ARE = frozenset({401, 407})
# It answers, and another question may pass: the same one is being treated.
BUSY_WITH_IT = frozenset({409, 423, 425})


@dataclass(frozen=True, slots=True)
class Failing:
    """`since`: the first failure in a row. `paused_until`: nobody asks it before."""

    provider_id: int
    failures: int
    since: datetime
    paused_until: datetime | None
    misconfigured: bool
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the providers of a lookup before they are asked."""

    failing: frozenset[int] = frozenset()
    paused: frozenset[int] = frozenset()
    probing: frozenset[int] = frozenset()


READ = """
SELECT provider_id, failures, since, paused_until, misconfigured, words FROM lookups_failing
WHERE provider_id = ANY(%s::bigint[])
"""
STAND = """
SELECT provider_id, openings > 0, paused_until <= now() OR version <> %s FROM lookups_failing
WHERE provider_id = ANY(%s::bigint[])
"""
# The pause itself is the lease of the one who tries.
PROBE = """
UPDATE lookups_failing SET paused_until = now() + make_interval(secs => %(seconds)s::float8), version = %(version)s
WHERE provider_id = ANY(%(ids)s::bigint[]) AND openings > 0 AND (paused_until <= now() OR version <> %(version)s)
RETURNING provider_id
"""
ENROL = """
INSERT INTO lookups_failing (provider_id, failures, since, misconfigured, words, version)
VALUES (%s, 0, now(), false, '', 0) ON CONFLICT DO NOTHING
"""
LOCK = "SELECT failures, openings, paused_until > now() FROM lookups_failing WHERE provider_id = %s FOR UPDATE"
FAIL = """
UPDATE lookups_failing SET failures = failures + 1, misconfigured = %s, words = %s, version = %s
WHERE provider_id = %s
"""
PAUSE = """
UPDATE lookups_failing SET openings = openings + 1, paused_until = now() + make_interval(secs => %s::float8)
WHERE provider_id = %s
"""
FORGET = "DELETE FROM lookups_failing WHERE provider_id = %s RETURNING openings"


def standing(cursor: Any, view: LookupView, version: int) -> Standing:
    """Who is failing, who is paused, and whom this question is to try. `version`: that of the registry."""
    ids = [provider.id for provider in view.providers]
    cursor.execute(STAND, [version, ids])
    rows = cursor.fetchall()
    opened = {row[0] for row in rows if row[1]}
    due = [row[0] for row in rows if row[1] and row[2]]
    probing: set[int] = set()
    if due:
        cursor.execute(PROBE, {"ids": due, "version": version, "seconds": view.timeout + LATE})
        probing = {row[0] for row in cursor.fetchall()}
    return Standing(frozenset(row[0] for row in rows), frozenset(opened - probing), frozenset(probing))


def settle(cursor: Any, view: LookupView, tries: Sequence[Try], before: Standing, version: int) -> None:
    """Write what the tries say of the providers, in the caller's transaction."""
    for each in sorted(tries, key=lambda one: one.provider.id):
        if not each.asked or each.outcome.http_status in BUSY_WITH_IT:
            continue
        if each.outcome.result is LookupResult.UNAVAILABLE:
            _failed(cursor, view, each, version)
        elif each.provider.id in before.failing:
            _forget(cursor, view, each.provider, actor="hub", reason="")


def _failed(cursor: Any, view: LookupView, tried: Try, version: int) -> None:
    provider, outcome = tried.provider, tried.outcome
    cursor.execute(ENROL, [provider.id])
    cursor.execute(LOCK, [provider.id])
    failures, openings, paused = cursor.fetchone()
    cursor.execute(FAIL, [outcome.misconfigured, outcome.message[:500], version, provider.id])
    policy = provider.circuit
    at_once = outcome.http_status in WHO_WE_ARE or outcome.retry_after is not None
    if not policy.failures or not (at_once or failures + 1 >= policy.failures):
        return
    if paused and not tried.probing:
        # It was asked before the pause began, and answers after: the pause has its length already.
        return
    pause = min(policy.longest, policy.pause * 2.0 ** min(openings, 30))
    asked = min(outcome.retry_after or 0.0, LONGEST_PAUSE)
    cursor.execute(PAUSE, [max(pause, asked), provider.id])
    if not openings:
        detail = {"lookup": view.name, "provider": provider.slug, "misconfigured": outcome.misconfigured}
        journal.record(cursor, "lookup.paused", actor="hub", application=provider.application.slug, detail=detail)


def resume(view: LookupView, provider: ProviderView, *, actor: str, reason: str) -> bool:
    """Ask a paused provider again at once. False: it was not paused. A reason in words is the caller's to require."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _forget(cursor, view, provider, actor=actor, reason=reason)


def _forget(cursor: Any, view: LookupView, provider: ProviderView, *, actor: str, reason: str) -> bool:
    cursor.execute(FORGET, [provider.id])
    row = cursor.fetchone()
    if row is None or not row[0]:
        return False
    detail = {"lookup": view.name, "provider": provider.slug, **({"reason": reason} if reason else {})}
    journal.record(cursor, "lookup.resumed", actor=actor, application=provider.application.slug, detail=detail)
    return True


def all(cursor: Any, providers: Sequence[ProviderView]) -> dict[int, Failing]:
    """Those of these providers that fail now."""
    cursor.execute(READ, [[provider.id for provider in providers]])
    return {row[0]: Failing(*row) for row in cursor.fetchall()}


def forget_the_gone(cursor: Any) -> int:
    """Rows of providers that the registry does not have any more."""
    cursor.execute("DELETE FROM lookups_failing WHERE provider_id NOT IN (SELECT id FROM registry_lookupprovider)")
    return int(cursor.rowcount)
