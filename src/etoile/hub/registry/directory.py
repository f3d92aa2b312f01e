"""The registry as the hot paths see it: a snapshot in memory, whole and consistent, read in one statement.

The table `registry_version` says when it is out of date; triggers raise its number at any change of the registry.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from etoile.expressions import cel
from etoile.hub.registry.vault import decrypt, decrypt_all
from etoile.sdk.connector import discover


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """After how many failures in a row the circuit opens (0: never), for how many seconds at first, and at most."""

    failures: int = 5
    pause: float = 30.0
    longest: float = 900.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a subscription is delivered. No delay given: the schedule of the delivery room. `concurrency`: calls at once,
    in each worker; `rate`: deliveries per minute, of all the workers together, None for as many as there are.
    """

    delays: tuple[float, ...] = ()
    timeout: float = 30.0
    concurrency: int = 8
    lease: float = 60.0
    rate: float | None = None
    circuit: CircuitPolicy = CircuitPolicy()


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """`emits`: the types it may say; `unexpected`: those of them that nobody has to receive."""

    id: int
    slug: str
    name: str
    authorities: frozenset[str]
    emits: frozenset[str]
    unexpected: frozenset[str]
    document_base_url: str
    is_active: bool
    document_secret: str = field(repr=False)
    pairwise_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    id: int
    slug: str
    application: ApplicationView
    message_type: str
    filter: str
    fields: tuple[str, ...]
    mapping: dict[str, Any] | None
    connector: str
    configuration: dict[str, Any]
    secrets: dict[str, str] = field(repr=False)
    policy: Policy
    active: bool
    ordered: bool
    pull: bool
    condition: cel.Expression | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ProviderView:
    """Who answers a lookup. `timeout` None: a share of what is left; `asks_next`: when it has nothing."""

    id: int
    slug: str
    application: ApplicationView
    connector: str
    configuration: dict[str, Any]
    secrets: dict[str, str] = field(repr=False)
    mapping: dict[str, Any] | None
    timeout: float | None
    asks_next: bool
    circuit: CircuitPolicy


@dataclass(frozen=True, slots=True)
class LookupView:
    """`readers`: the purposes an application may say. `fingerprint` changes with whatever changes an answer."""

    id: int
    name: str
    title: str
    instead: str
    timeout: float
    cache_seconds: int
    stale_seconds: int
    purposes: dict[str, str]
    readers: dict[str, frozenset[str]]
    query: dict[str, Any]
    answer: dict[str, Any]
    active: bool
    providers: tuple[ProviderView, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    version: int
    applications: Mapping[str, ApplicationView]
    subscriptions: Mapping[int, SubscriptionView]
    by_type: Mapping[str, tuple[SubscriptionView, ...]]
    lookups: Mapping[str, LookupView]

    def application(self, slug: str) -> ApplicationView:
        """Raises KeyError for an application that does not exist."""
        return self.applications[slug]

    def subscription(self, subscription_id: int) -> SubscriptionView:
        """Raises KeyError for a subscription that does not exist."""
        return self.subscriptions[subscription_id]

    def subscriptions_for(self, message_type: str) -> tuple[SubscriptionView, ...]:
        """Those of this type, in the order of their ids; also those switched off, whose deliveries are held."""
        return self.by_type.get(message_type, ())


VERSION = "SELECT version FROM registry_version"

# One statement, so that every part is of the same moment; the version is of that moment too.
WHOLE = """
SELECT (SELECT version FROM registry_version),
  (SELECT coalesce(json_agg(json_build_object(
      'id', a.id, 'slug', a.slug, 'name', a.name, 'document_base_url', a.document_base_url,
      'document_secret', a.document_secret, 'pairwise_key', a.pairwise_key, 'is_active', a.is_active,
      'authorities', (SELECT coalesce(json_agg(y.siret), '[]') FROM registry_application_authorities l
                      JOIN registry_authority y ON y.id = l.authority_id WHERE l.application_id = a.id),
      'emits', (SELECT coalesce(json_agg(t.type), '[]') FROM registry_interface i
                JOIN catalogue_messagetype t ON t.id = i.message_type_id
                WHERE i.application_id = a.id AND i.direction = 'out'),
      'unexpected', (SELECT coalesce(json_agg(t.type), '[]') FROM registry_interface i
                     JOIN catalogue_messagetype t ON t.id = i.message_type_id
                     WHERE i.application_id = a.id AND i.direction = 'out' AND NOT i.expected)) ORDER BY a.id), '[]')
   FROM registry_application a)::text,
  (SELECT coalesce(json_agg(json_build_object(
      'id', s.id, 'slug', s.slug, 'application', a.slug, 'message_type', t.type, 'filter', s.filter,
      'fields', s.fields, 'mapping', s.mapping, 'connector', s.connector, 'configuration', s.configuration,
      'secrets', s.secrets, 'policy', s.policy, 'active', s.active, 'ordered', s.ordered) ORDER BY s.id), '[]')
   FROM registry_subscription s JOIN registry_application a ON a.id = s.application_id
   JOIN catalogue_messagetype t ON t.id = s.message_type_id)::text,
  (SELECT coalesce(json_agg(json_build_object(
      'id', l.id, 'name', l.name, 'title', l.title, 'instead', l.instead, 'timeout', l.timeout,
      'cache_seconds', l.cache_seconds, 'stale_seconds', l.stale_seconds, 'purposes', l.purposes, 'readers', l.readers,
      'query', l.query, 'answer', l.answer, 'active', l.active,
      'providers', (SELECT coalesce(json_agg(json_build_object(
          'id', p.id, 'slug', p.slug, 'application', a.slug, 'connector', p.connector,
          'configuration', p.configuration, 'secrets', p.secrets, 'mapping', p.mapping, 'timeout', p.timeout,
          'absent', p.absent, 'circuit', p.circuit) ORDER BY p.rank), '[]')
          FROM registry_lookupprovider p JOIN registry_application a ON a.id = p.application_id
          WHERE p.lookup_id = l.id)) ORDER BY l.name), '[]')
   FROM registry_lookup l)::text
"""

_latest: dict[str, Snapshot] = {}


def current(cursor: Any, *, version: int | None = None) -> Snapshot:
    """The registry as it is now. `version`, when the caller has just read it, saves the statement that checks it.

    The snapshot is shared by the threads of the process, and replaced, never changed.
    """
    held = _latest.get("snapshot")
    if held is not None:
        if version is None:
            cursor.execute(VERSION)
            version = cursor.fetchone()[0]
        if held.version == version:
            return held
    cursor.execute(WHOLE)
    row = cursor.fetchone()
    _latest["snapshot"] = snapshot = _built(row[0], *map(json.loads, row[1:]))
    return snapshot


SWITCHED = """
SELECT s.id, s.active AND a.is_active
FROM registry_subscription s JOIN registry_application a ON a.id = s.application_id
WHERE s.id = ANY(%s) ORDER BY s.id FOR SHARE OF s
"""


def switched_off(cursor: Any, subscriptions: Iterable[int]) -> set[int]:
    """Those that are off just now, and stay as they are until the end of the transaction: a switching in progress is
    waited for. A snapshot may be a second old, too old to let go what somebody just held.
    """
    cursor.execute(SWITCHED, [sorted(subscriptions)])
    return {row[0] for row in cursor.fetchall() if not row[1]}


def _built(
    version: int,
    applications: list[dict[str, Any]],
    subscriptions: list[dict[str, Any]],
    lookups: list[dict[str, Any]],
) -> Snapshot:
    by_slug = {row["slug"]: _application(row) for row in applications}
    views = [_subscription(row, by_slug[row["application"]]) for row in subscriptions]
    by_type: dict[str, list[SubscriptionView]] = {}
    for view in views:
        by_type.setdefault(view.message_type, []).append(view)
    return Snapshot(
        version,
        by_slug,
        {view.id: view for view in views},
        {name: tuple(held) for name, held in by_type.items()},
        {row["name"]: _lookup(row, by_slug) for row in lookups},
    )


def _application(row: dict[str, Any]) -> ApplicationView:
    return ApplicationView(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        authorities=frozenset(row["authorities"]),
        emits=frozenset(row["emits"]),
        unexpected=frozenset(row["unexpected"]),
        document_base_url=row["document_base_url"],
        is_active=row["is_active"],
        document_secret=decrypt(row["document_secret"]) if row["document_secret"] else "",
        pairwise_key=decrypt(row["pairwise_key"]) if row["pairwise_key"] else "",
    )


def _subscription(row: dict[str, Any], application: ApplicationView) -> SubscriptionView:
    connector = connectors().get(row["connector"])
    return SubscriptionView(
        id=row["id"],
        slug=row["slug"],
        application=application,
        message_type=row["message_type"],
        filter=row["filter"],
        fields=tuple(row["fields"]),
        mapping=row["mapping"],
        connector=row["connector"],
        configuration=row["configuration"],
        secrets=decrypt_all(row["secrets"]),
        policy=_policy(row["policy"]),
        active=row["active"] and application.is_active,
        ordered=row["ordered"],
        pull=bool(connector is not None and connector.pull),
        condition=cel.compile(row["filter"], variables=("event",)) if row["filter"] else None,
    )


def _lookup(row: dict[str, Any], applications: Mapping[str, ApplicationView]) -> LookupView:
    """Secrets count in the fingerprint as they are stored: another one may open other data."""
    decisive = [row["name"], row["answer"], row["providers"]]
    return LookupView(
        **{
            **row,
            "readers": {slug: frozenset(purposes) for slug, purposes in row["readers"].items()},
            "providers": tuple(_provider(each, applications[each["application"]]) for each in row["providers"]),
            "fingerprint": hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest(),
        }
    )


def _provider(row: dict[str, Any], application: ApplicationView) -> ProviderView:
    kept = ("id", "slug", "connector", "configuration", "mapping", "timeout")
    return ProviderView(
        **{name: row[name] for name in kept},
        application=application,
        secrets=decrypt_all(row["secrets"]),
        asks_next=row["absent"] == "next",
        circuit=CircuitPolicy(**row["circuit"]),
    )


def _policy(stored: dict[str, Any]) -> Policy:
    circuit = CircuitPolicy(**stored.get("circuit", {}))
    return Policy(**{**stored, "delays": tuple(stored.get("delays", ())), "circuit": circuit})


@lru_cache(maxsize=1)
def connectors() -> Mapping[str, Any]:
    """Those installed, by name; found once per process."""
    return discover()
