"""Certificates of ours that end soon: those we show to applications, wherever a secret holds one.

A secret is read as its value says, whatever the connector calls it: what is in PEM is a certificate.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509

from etoile.hub.registry.directory import ApplicationView, Snapshot

TOLD_BEFORE = timedelta(days=30)
MARK = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Ending:
    """`holder`: the subscription, or the provider of `lookup` (empty for a subscription), that keeps it as `secret`.
    `places`: how many keep the same one for this application."""

    application: ApplicationView
    holder: str
    lookup: str
    secret: str
    fingerprint: str
    ends: datetime
    places: int = 1


def ending(snapshot: Snapshot, now: datetime) -> Iterator[Ending]:
    """Those that end within thirty days or have ended, each once for an application. What is switched off is left."""
    found: dict[tuple[str, str], list[Ending]] = {}
    for each in _all(snapshot):
        if each.ends - now < TOLD_BEFORE:
            found.setdefault((each.application.slug, each.fingerprint), []).append(each)
    for same in found.values():
        first = same[0]
        yield Ending(
            first.application, first.holder, first.lookup, first.secret, first.fingerprint, first.ends, len(same)
        )


def _all(snapshot: Snapshot) -> Iterator[Ending]:
    for view in snapshot.subscriptions.values():
        if view.active:
            yield from _held(view.application, view.slug, "", view.secrets)
    for lookup in snapshot.lookups.values():
        for provider in lookup.providers:
            if lookup.active and provider.application.is_active:
                yield from _held(provider.application, provider.slug, lookup.name, provider.secrets)


def _held(application: ApplicationView, holder: str, lookup: str, secrets: dict[str, str]) -> Iterator[Ending]:
    for name, value in secrets.items():
        if MARK in value and (ends := _end(value)) is not None:
            fingerprint = hashlib.sha256(value.encode()).hexdigest()[:16]
            yield Ending(application, holder, lookup, name, fingerprint, ends)


@lru_cache(maxsize=1024)
def _end(value: str) -> datetime | None:
    """When the first certificate of a chain ends; that is ours, the others are those of its authority."""
    try:
        return x509.load_pem_x509_certificates(value.encode())[0].not_valid_after_utc
    except ValueError:
        # What cannot be read is told by a check, or at the next delivery.
        return None
