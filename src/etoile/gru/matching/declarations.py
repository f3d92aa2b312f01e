"""What goes with a person who is merged, and what stays, for the rooms below this one; others declare theirs."""

from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.contracts.models import Changed
from etoile.gru.matching import holders
from etoile.gru.matching.excluding import Exclusions
from etoile.gru.matching.models import Asking, Exclusion, Key, Merge, Suspicion, ToExamine
from etoile.gru.matching.presences import Presences
from etoile.gru.people import wall
from etoile.gru.people.models import Attribute, Change, Person

SEALED = (
    "matching_key",
    "matching_suspicion",
    "matching_asking",
    "matching_exclusion",
    "matching_merge",
    "matching_move",
)


def declare() -> None:
    wall.seal(*SEALED)
    holders.register(holders.Rows(Case, case="id"))
    holders.register(Presences())
    holders.register(Exclusions())
    holders.staying(Exclusion, "second", "copied with `first`")
    holders.staying(
        Attribute, "person", "the surer ones are copied (`values`), the others stay for the day it is undone"
    )
    holders.staying(Change, "person", "what was written of a row is never changed")
    holders.staying(Person, "merged_into", "written by the merge itself")
    holders.staying(Changed, "person_id", "applications are told within a minute of what changed on that row")
    holders.staying(Entry, "person_id", "a line of the log is never changed")
    holders.staying(ToExamine, "person_id", "compared within minutes")
    holders.staying(Key, "person", "made again by the worker")
    holders.staying(Suspicion, "first", "made again by the worker")
    holders.staying(Suspicion, "second", "made again by the worker")
    for field in ("first", "second"):
        holders.staying(Asking, field, "what was asked of two records, and answered, speaks of those two")
    holders.staying(Merge, "master", "the ledger of an earlier merge is what undoes it")
    holders.staying(Merge, "merged", "the ledger of an earlier merge is what undoes it")
