"""How complete and how sure the user base is. Counted at night by the worker: a page never reads the whole base."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from etoile.gru.access.models import Authority
from etoile.gru.people import scope
from etoile.gru.people.models import Figure, Level

# What each attribute weighs in the quality of what is known of somebody.
WEIGHTS = {"family_name": 3, "given_names": 3, "birth_date": 3, "email": 2, "phone": 1, "address": 2}
_HIGHEST = int(Level.FRANCECONNECT)

_COUNT = """
    INSERT INTO people_figure (authority_id, key, counted_on, persons, levels, expired)
    SELECT %(authority)s, '', %(day)s, count(*), 0, 0
    FROM people_person WHERE authority_id = %(authority)s AND kind = 'natural' AND merged_into_id IS NULL
    UNION ALL
    SELECT %(authority)s, known.key, %(day)s, count(*),
        sum(CASE WHEN known.expires_at < now() THEN 100 ELSE known.level END),
        count(*) FILTER (WHERE known.expires_at < now())
    FROM people_attribute known JOIN people_person person ON person.id = known.person_id
    WHERE person.authority_id = %(authority)s AND person.kind = 'natural' AND person.merged_into_id IS NULL
        AND known.key = ANY (%(keys)s)
    GROUP BY known.key
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Of one attribute: how many have it, in hundredths of the persons; its mean level, and how many are expired."""

    key: str
    persons: int
    coverage: int
    level: int
    expired: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the natural persons of an authority, in use. `quality`: Σ weight × level over what it would be if all were
    known by FranceConnect, in hundredths; what nobody gave counts for nothing."""

    counted_on: date
    persons: int
    quality: int
    lines: tuple[Line, ...]


def count(authority: Authority) -> None:
    """The figures of today in place of those there are; the days before are kept. Two statements."""
    given = {"authority": authority.pk, "day": authority.today(), "keys": list(WEIGHTS)}
    with scope.of_task("figures", authority=authority.pk), transaction.atomic(), connection.cursor() as cursor:
        Figure.objects.filter(authority=authority, counted_on=given["day"]).delete()
        cursor.execute(_COUNT, given)


def latest(authority: Authority) -> Figures | None:
    """None until they were counted once. One statement."""
    last = Figure.objects.filter(authority=authority).order_by("-counted_on").values("counted_on")[:1]
    rows = {each.key: each for each in Figure.objects.filter(authority=authority, counted_on=last)}
    if "" not in rows:
        return None
    persons = rows[""].persons
    lines = tuple(_line(key, rows.get(key), persons) for key in WEIGHTS)
    reached = sum(WEIGHTS[key] * rows[key].levels for key in WEIGHTS if key in rows)
    ideal = persons * _HIGHEST * sum(WEIGHTS.values())
    return Figures(rows[""].counted_on, persons, round(100 * reached / ideal) if ideal else 0, lines)


def _line(key: str, row: Figure | None, persons: int) -> Line:
    if row is None or not row.persons:
        return Line(key, 0, 0, 0, 0)
    return Line(key, row.persons, round(100 * row.persons / persons), round(row.levels / row.persons), row.expired)
