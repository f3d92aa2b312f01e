"""The scope goes to PostgreSQL with each statement that touches the user base, and is gone when it ends.

It is a setting of the transaction, sent in the same message as the statement: no round trip more, and nothing to put
back. A connection taken up by the next request, or shared by a pooler, carries nobody's scope.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from etoile.gru.people import scope

SETTING = "etoile.people"
TABLES = ["people_person", "people_attribute", "people_history", "people_presence"]
_READS_OR_WRITES = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|DECLARE|MERGE|EXPLAIN)\b", re.IGNORECASE)

_touches = re.compile(rf"\b(?:{'|'.join(TABLES)})\b")


def seal(*tables: str) -> None:
    """These tables too are read under a scope only. Their migration writes the policy: `policies.visible`."""
    global _touches
    TABLES.extend(table for table in tables if table not in TABLES)
    _touches = re.compile(rf"\b(?:{'|'.join(TABLES)})\b")


def raise_wall(sender: object, connection: BaseDatabaseWrapper, **_said: Any) -> None:
    """At each new connection. In front of the others: `execute_wrapper()` takes the last one away when it ends."""
    if carry not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, carry)


def carry(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper of Django. Raises `OutOfScope`. Tables are altered and emptied by their owner as before."""
    if not isinstance(sql, str) or not _touches.search(sql) or not _READS_OR_WRITES.match(sql):
        return execute(sql, params, many, context)
    declared = f"SELECT set_config('{SETTING}', '{scope.current().said()}', true)"
    cursor = context["cursor"]
    if many or getattr(cursor.cursor, "name", None):
        # Neither takes two statements at once.
        if not context["connection"].in_atomic_block:
            raise RuntimeError("many statements, or a cursor of the server, on the user base: open a transaction first")
        with context["connection"].connection.cursor() as apart:
            apart.execute(declared)
        return execute(sql, params, many, context)
    answer = execute(f"{declared}; {sql}", params, many, context)
    cursor.nextset()
    return answer
