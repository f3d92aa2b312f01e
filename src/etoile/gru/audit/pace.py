"""How many lines of one kind the audit log takes in an hour."""

from django.core.cache import cache

# Anybody may knock: past this number, refusals are counted by the log of the machine alone, so that a line of the
# audit log, kept a year, costs more than a request.
MOST_LINES = 200
AN_HOUR = 3600


def is_worth_a_line(kind: str) -> bool:
    """Whether this kind has had fewer than `MOST_LINES` lines in the hour."""
    key = f"audit-lines:{kind}"
    if cache.add(key, 1, AN_HOUR):
        return True
    try:
        return bool(cache.incr(key) <= MOST_LINES)
    except ValueError:  # the hour ended between the two calls
        return True
