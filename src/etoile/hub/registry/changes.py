"""The history of the registry: each change, with who made it, why, and the thing before and after.

A thing is told as facts: JSON without any secret. Whatever writes the registry (a screen, the API, a star file, a
command) tells the facts before and after; when they are the same, nothing is written.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub.journal import services as journal
from etoile.hub.registry.models import (
    Application,
    Credential,
    Direction,
    Interface,
    Lookup,
    LookupProvider,
    Operator,
    Subscription,
)
from etoile.hub.registry.written import same

Facts = dict[str, Any]
HIDDEN = "•••"
# A setting of a connector names its secrets and does not hold them; a header written by hand may.
SECRET_NAME = re.compile(r"authori[sz]ation|cookie|password|passwd|secret|token|api.?key", re.IGNORECASE)
KEPT_FOREVER = "registry.changed"


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, and why: an operator's e-mail, or an application and its credential; words for the history."""

    actor: str
    reason: str


def write(kind: str, name: str, before: Facts | None, after: Facts | None, by: By, *, application: str = "") -> bool:
    """One line of the history and its twin in the journal, in the caller's transaction. False: nothing differs."""
    if before == after and not different(before, after):
        return False
    change_id = uuid7()
    values: list[Any] = [change_id, by.actor, by.reason, kind, name, application, _json(before), _json(after)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_change (id, actor, reason, kind, name, application, before, after)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)",
            values,
        )
        detail = {
            "change": str(change_id),
            "kind": kind,
            "name": name,
            "reason": by.reason,
            "fields": different(before, after),
        }
        journal.record(cursor, KEPT_FOREVER, actor=by.actor, application=application or None, detail=detail)
    return True


def different(before: Facts | None, after: Facts | None) -> list[str]:
    """The names of the facts that differ, sorted."""
    old, new = before or {}, after or {}
    return sorted(name for name in old.keys() | new.keys() if _differ(name, old.get(name), new.get(name)))


def _differ(name: str, old: Any, new: Any) -> bool:
    return old != new or (name == "mapping" and not same(old, new))


def of_application(row: Application) -> Facts:
    """What is known of an application, its contract included. Two statements."""
    contract: dict[str, dict[str, Any]] = {Direction.OUT: {}, Direction.IN: {}}
    for each in Interface.objects.filter(application=row).select_related("message_type"):
        contract[each.direction][each.message_type.type] = {
            "expected_behaviour": each.expected_behaviour,
            "service_level": each.service_level,
            **({} if each.expected else {"expected": False}),
        }
    names = ("slug", "name", "vendor", "domain", "sector", "environment", "owner", "contact", "answerable", "is_active")
    return {
        **{name: getattr(row, name) for name in (*names, "document_base_url")},
        "authorities": sorted(each.siret for each in row.authorities.all()),
        "emits": contract[Direction.OUT],
        "receives": contract[Direction.IN],
        "document_secret": bool(row.document_secret),
    }


def of_subscription(row: Subscription) -> Facts:
    names = ("slug", "filter", "fields", "mapping", "connector", "policy", "active", "ordered")
    return {
        **{name: getattr(row, name) for name in names},
        "application": row.application.slug,
        "type": row.message_type.type,
        "configuration": without_secrets(row.configuration),
        "secrets": sorted(row.secrets),
    }


def of_lookup(row: Lookup) -> Facts:
    """What is known of a lookup and of who answers it. Two statements."""
    names = ("title", "instead", "timeout", "cache_seconds", "stale_seconds", "purposes", "readers")
    own = ("slug", "connector", "mapping", "timeout", "absent", "circuit")
    return {
        "name": row.name,
        **{name: getattr(row, name) for name in (*names, "query", "answer", "active")},
        "providers": [
            {
                **{name: getattr(each, name) for name in own},
                "application": each.application.slug,
                "configuration": without_secrets(each.configuration),
                "secrets": sorted(each.secrets),
            }
            for each in LookupProvider.objects.filter(lookup=row).select_related("application").order_by("rank")
        ],
    }


def of_credential(row: Credential) -> Facts:
    return {
        "client_id": row.client_id,
        "application": row.application.slug,
        "scopes": sorted(row.scopes.split()),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "operation": row.operation,
    }


def of_operator(row: Operator) -> Facts:
    return {"email": row.email, "name": row.name, "role": str(row.role), "is_active": row.is_active}


def without_secrets(value: Any) -> Any:
    """A configuration in which what looks like a secret written by hand is hidden."""
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _holds_a_secret(str(name), each, value) else without_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(each) for each in value]
    return value


def _holds_a_secret(name: str, value: Any, around: Mapping[str, Any]) -> bool:
    # In {"kind": "bearer", "secret": "token"} the text is the name of a secret, which helps and reveals nothing.
    names_it = name == "secret" and bool({"kind", "username"} & around.keys())
    return isinstance(value, str) and not names_it and bool(SECRET_NAME.search(name)) and not name.endswith("_url")


def _json(facts: Facts | None) -> str | None:
    return None if facts is None else json.dumps(facts, ensure_ascii=False)
