"""What was asked of each lookup and how it went, counted from the journal."""

from dataclasses import dataclass
from typing import Any

COUNT = """
SELECT detail->>'lookup', count(*),
       count(*) FILTER (WHERE detail->>'result' = 'found'),
       count(*) FILTER (WHERE detail->>'result' = 'not_found'),
       count(*) FILTER (WHERE detail->>'result' = 'refused'),
       count(*) FILTER (WHERE detail->>'result' = 'unavailable'),
       count(*) FILTER (WHERE detail->>'freshness' = 'cached'),
       count(*) FILTER (WHERE detail->>'freshness' = 'stale'),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY (detail->>'milliseconds')::int),
       percentile_disc(0.95) WITHIN GROUP (ORDER BY (detail->>'milliseconds')::int)
FROM journal_entry
WHERE kind = 'lookup.asked' AND id >= journal_first_key(now() - make_interval(hours => %s))
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last hours. Times in milliseconds, None when nothing was asked."""

    asked: int = 0
    found: int = 0
    not_found: int = 0
    refused: int = 0
    unavailable: int = 0
    cached: int = 0
    stale: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None


def by_lookup(cursor: Any, hours: int = 24) -> dict[str, Figures]:
    """One statement, whatever the number of lookups. A lookup nobody asked is absent."""
    cursor.execute(COUNT, [hours])
    return {row[0]: Figures(*row[1:]) for row in cursor.fetchall()}
