"""What the frame of the console says of what waits for a person."""

from dataclasses import dataclass

from django import template
from django.db import connection

register = template.Library()

# Each is read from the index of what is open: nothing grows with what is done.
WAITING = """
SELECT (SELECT count(*) FROM delivery_delivery WHERE state IN ('dead', 'rejected')),
       (SELECT count(*) FROM delivery_quarantined WHERE state = 'waiting'),
       (SELECT count(*) FROM watch_alarm WHERE opened_at IS NOT NULL AND closed_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    stuck: int
    quarantined: int
    alarms: int


@register.simple_tag
def waiting() -> Waiting:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return Waiting(*cursor.fetchone())
