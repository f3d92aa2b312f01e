"""The tables that hold something about a person, and those that name one and give nothing, with the reason."""

from collections.abc import Mapping

from etoile.gru.rights.holdings import of_cases, of_matching, of_people, of_rooms
from etoile.gru.rights.holdings.shapes import Held

HELD: tuple[Held, ...] = (*of_people.TABLES, *of_matching.TABLES, *of_cases.TABLES, *of_rooms.TABLES)

# A new table that refers to a case or a person is in `HELD`, or here with the reason for which it gives nothing:
# tests/gru/rights/test_holdings.py walks them all.
EXCUSED: Mapping[str, str] = {
    "rights.Redaction": "what you receive in the place of a note or an opinion: given with it",
    "api.Change": "the order number of a change: nothing of a person",
    "api.KeptAnswer": "the copy of an answer made to a program, erased within a day",
    "matching.Key": "digests of what is known of a person, from which nothing can be read",
    "matching.ToExamine": "who will be compared within minutes: a number",
    "desk.Watch": "what an agent wants to follow: their work, nothing of the person",
    "access.Account": "agents, who are not here as people of the town",
    "access.Authority": "the town",
    "access.LateForm": "what was being sent when a session ended: sealed, given back to who typed it, gone in an hour",
    "access.Team": "a service of the town",
}
