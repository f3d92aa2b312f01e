"""Sectors that know a person by an act of their own, not by a case: the master is known to them too."""

import uuid
from collections.abc import Sequence

from django.db import connection

from etoile.gru.matching.holders import Taken

_TAKE = """
WITH gone AS (DELETE FROM people_presence WHERE person_id = %(merged)s AND by_act RETURNING sector_id),
new AS (
    INSERT INTO people_presence AS kept (person_id, sector_id, by_act) SELECT %(master)s, sector_id, true FROM gone
    ON CONFLICT (person_id, sector_id) DO UPDATE SET by_act = true WHERE NOT kept.by_act
    RETURNING sector_id
)
SELECT sector_id, sector_id IN (SELECT sector_id FROM new) FROM gone
"""
_GIVE_BACK = """
INSERT INTO people_presence (person_id, sector_id, by_act) SELECT %(merged)s, unnest(%(all)s::bigint[]), true
ON CONFLICT (person_id, sector_id) DO UPDATE SET by_act = true
"""
_LEAVE = """
UPDATE people_presence SET by_act = false WHERE person_id = %(master)s AND sector_id = ANY(%(gained)s::bigint[])
"""
_FORGET = "SELECT people_leave(%(master)s, sector) FROM unnest(%(gained)s::bigint[]) AS sector"
GAINED = "+"


class Presences:
    """A `holders.Holder`. A row is the key of a sector, with a sign when the master was not known there by itself."""

    name = "people.presence.person"

    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, {"merged": merged, "master": master})
            return [Taken(f"{sector}{GAINED if gained else ''}") for sector, gained in cursor.fetchall()]

    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int:
        sectors = [int(row.removesuffix(GAINED)) for row in rows]
        gained = [int(row.removesuffix(GAINED)) for row in rows if row.endswith(GAINED)]
        with connection.cursor() as cursor:
            for statement in (_GIVE_BACK, _LEAVE, _FORGET):
                cursor.execute(statement, {"merged": merged, "master": master, "all": sectors, "gained": gained})
        return len(rows)
