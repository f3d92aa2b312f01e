"""When the silence of the administration becomes a decision: dates in, one date out, nothing stored.

* Two months unless a text says otherwise (CRPA L231-1, L231-4), from day to day; the decision is born when its last
  day ends.
* A request sent to the wrong authority: the delay of refusal runs from the first reception, the delay of acceptance
  from the reception by the one that may decide (L114-3).
* An incomplete file (L114-5): the delay of acceptance runs only from the reception of the indispensable documents;
  the delay of refusal is suspended during the time given, and their production ends the suspension.
* A document that is not indispensable changes nothing (L114-5-1): the caller does not name it here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from etoile.gru.cases.clock.dates import Length

ACCEPT, REJECT, NONE = "accept", "reject", "none"


@dataclass(frozen=True, slots=True)
class Missing:
    """Indispensable documents asked on a day, to be given before `deadline` ends; `produced` once they all came."""

    asked: date
    deadline: date
    produced: date | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence is worth and the last day of the delay.

    `date` is None when silence decides nothing, or when an acceptance delay waits for documents (`waiting`).
    `since` is the day it is counted from, `suspended` the days added to it.
    """

    regime: str
    date: date | None
    since: date | None = None  # type: ignore[valid-type]
    suspended: int = 0
    waiting: bool = False


def silence(
    regime: str, length: Length, *, first: date, competent: date | None = None, missing: Iterable[Missing] = ()
) -> Silence:
    """`first`: local day of the first reception by any authority; `competent`: by the one that may decide."""
    if regime not in (ACCEPT, REJECT) or not length:
        return Silence(NONE, None)
    asked = sorted(missing, key=lambda each: each.asked)
    if regime == ACCEPT:
        return _acceptance(length, competent or first, asked)
    return _refusal(length, first, asked)


def _acceptance(length: Length, since: date, missing: list[Missing]) -> Silence:
    for each in missing:
        if each.asked > length.after(since):
            break
        if each.produced is None:
            return Silence(ACCEPT, None, since=None, waiting=True)
        since = max(since, each.produced)
    return Silence(ACCEPT, length.after(since), since=since)


def _refusal(length: Length, since: date, missing: list[Missing]) -> Silence:
    end, covered, suspended = length.after(since), since, 0
    for each in missing:
        # What is asked after the refusal is born cannot suspend it any more.
        if each.asked > end:
            break
        begins = max(each.asked, covered)
        stops = min(each.produced or each.deadline, each.deadline)
        days = max(0, (stops - begins).days)
        covered, suspended, end = max(covered, stops), suspended + days, end + timedelta(days=days)
    return Silence(REJECT, end, since=since, suspended=suspended)
