"""One question put to the providers of a lookup, in order, on the event loop of the process: no database here."""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
import structlog
from django.conf import settings
from pydantic import ValidationError

from etoile.hub.lookups.failing import Standing
from etoile.hub.lookups.questions import Try
from etoile.hub.registry import calling
from etoile.hub.registry.directory import LookupView, ProviderView
from etoile.hub.registry.lookup_checks import VARIABLES
from etoile.sdk import Connector, Door, DoorError, LookupOutcome, LookupResult, MailDoor, MappingError
from etoile.sdk import Mapping as TreeMapping
from etoile.sdk.connector import discover
from etoile.sdk.mail import smtp

log = structlog.get_logger("etoile.hub.lookups")

# Less than that is not worth a call.
SHORTEST = 0.05


@lru_cache(maxsize=1)
def installed() -> Mapping[str, Connector]:
    return discover()


@lru_cache(maxsize=1)
def door() -> Door:
    """One for the process, so that connections to providers are kept alive."""
    return Door(settings.HUB_ALLOWED_PRIVATE_ADDRESSES, folders=settings.HUB_ALLOWED_FOLDERS)


async def ask_in_order(view: LookupView, query: dict[str, Any], standing: Standing, http: Door) -> list[Try]:
    """What each provider said, until one settles the question. Never longer than the time-out of the lookup."""
    deadline = time.monotonic() + view.timeout
    tries: list[Try] = []
    waiting = [provider for provider in view.providers if provider.id not in standing.paused]
    for provider in view.providers:
        if provider.id in standing.paused:
            tries.append(
                Try(provider, LookupOutcome.unavailable("Ce fournisseur est en pause.", "paused"), asked=False)
            )
            continue
        share = (deadline - time.monotonic()) / len(waiting)
        waiting.remove(provider)
        seconds = min(provider.timeout or share, deadline - time.monotonic())
        if seconds < SHORTEST:
            outcome = LookupOutcome.unavailable("Il ne restait plus de temps pour l’interroger.", "no time left")
            tries.append(Try(provider, outcome, asked=False))
            continue
        started = time.monotonic()
        outcome = await _asked(view, provider, query, http, seconds)
        elapsed = round((time.monotonic() - started) * 1000)
        tries.append(Try(provider, outcome, elapsed, probing=provider.id in standing.probing))
        if _settles(provider, outcome):
            break
    return tries


def _settles(provider: ProviderView, outcome: LookupOutcome) -> bool:
    if outcome.result is LookupResult.NOT_FOUND:
        return not provider.asks_next
    return outcome.result is not LookupResult.UNAVAILABLE


async def _asked(
    view: LookupView, provider: ProviderView, query: dict[str, Any], http: Door, seconds: float
) -> LookupOutcome:
    connector = installed().get(provider.connector)
    if connector is None:
        words = f"Le connecteur « {provider.connector} » n’est pas installé."
        return LookupOutcome.unavailable(words, "connector missing", misconfigured=True)
    try:
        mail = MailDoor(smtp(settings.HUB_SMTP_URL))
        context = calling.context(provider, connector, http, mail, seconds=seconds)
        async with asyncio.timeout(seconds):
            outcome = await connector.lookup(dict(query), context)
        return _in_our_words(view, provider, query, outcome)
    except TimeoutError:
        return LookupOutcome.unavailable(f"Aucune réponse en {seconds:.1f} s.", "timeout")
    except DoorError as error:
        return LookupOutcome.unanswered(error)
    except ValidationError:
        words = "La configuration n’est pas celle que le connecteur attend."
        return LookupOutcome.unavailable(words, "configuration", misconfigured=True)
    except Exception as error:
        # Its words may repeat what was asked: only its type is told.
        log.warning("lookups.connector_failed", lookup=view.name, provider=provider.slug, error=type(error).__name__)
        words = f"Le connecteur a échoué ({type(error).__name__})."
        return LookupOutcome.unavailable(words, "connector failed", misconfigured=True)


def _in_our_words(
    view: LookupView, provider: ProviderView, query: dict[str, Any], outcome: LookupOutcome
) -> LookupOutcome:
    """The answer as the lookup promised it; one that does not fit is no answer."""
    if outcome.result is not LookupResult.FOUND:
        return outcome
    try:
        data = outcome.data
        if provider.mapping is not None:
            data = _mapping(json.dumps(provider.mapping)).apply({"query": query, "data": data})
        fits = validator(view.answer).is_valid(data)
    except MappingError as error:
        places = ", ".join(violation.pointer or "/" for violation in error.violations)
        words = f"La réponse ne se laisse pas traduire : revoir la correspondance ({places})."
        return LookupOutcome.unavailable(words, "mapping", misconfigured=True, http_status=outcome.http_status)
    if not fits:
        words = "La réponse n’a pas la forme promise : revoir la correspondance, ou ce que le fournisseur a changé."
        return LookupOutcome.unavailable(words, "schema", misconfigured=True, http_status=outcome.http_status)
    return LookupOutcome.found(data, at=outcome.at, stale=outcome.stale, http_status=outcome.http_status)


@lru_cache(maxsize=256)
def _mapping(tree: str) -> TreeMapping:
    return TreeMapping.compile(json.loads(tree), variables=VARIABLES)


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return _validator(json.dumps(schema, sort_keys=True))


@lru_cache(maxsize=256)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True, mask="…", offline=True)
