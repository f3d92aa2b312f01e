"""The month of article 12.3 of the RGPD, counted as regulation 1182/71 wants: from day to day, and to the next working
day when it ends on another."""

from datetime import date, timedelta

from etoile.gru.access.models import Authority
from etoile.gru.cases.clock.dates import add_months
from etoile.gru.cases.clock.working_days import is_working, place_of

MONTHS, EXTENDED = 1, 3


def due_on(authority: Authority, asked_on: date, *, extended: bool = False) -> date:
    """The last local day to answer what was asked on `asked_on`. The closing days of the authority do not push it: they
    are no public holidays."""
    day = add_months(asked_on, EXTENDED if extended else MONTHS)
    place = place_of(authority.insee)
    while not is_working(day, place):
        day += timedelta(days=1)
    return day
