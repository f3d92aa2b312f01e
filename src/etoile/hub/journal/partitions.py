"""Monthly partitions of every table partitioned by a UUIDv7 `id`.

The work is a function of the database (see the migration) because the role that runs the hub does not own the
tables. It finds the tables in the catalogue: a room adds a partitioned table by creating it, with a default partition.
"""

from typing import Any


def ensure(cursor: Any, months_ahead: int = 2) -> int:
    """Make the partitions of this month and the next ones; safe to call at any time and from several processes.

    Returns how many partitions were made. Until a month has its own, its rows go to the default partition.
    """
    cursor.execute("SELECT journal_ensure_partitions(%s)", [months_ahead])
    (created,) = cursor.fetchone()
    return int(created)
