"""What the master takes of what is known of the other, and how it is given back.

The surer value stays; of two as sure, the one an agent chose, else the master's. The values of the other stay with it,
untouched: nothing has to be written there when it is undone.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.models import Merge, Move
from etoile.gru.matching.sentences import name_of
from etoile.gru.people.models import Attribute, Person
from etoile.gru.people.queries import attributes_of
from etoile.gru.people.services import put_back

Row = Mapping[str, Any]
# By key, the person whose value stays, where both are as sure.
Chosen = Mapping[str, uuid.UUID]


def is_even(one: Attribute, other: Attribute) -> bool:
    """Neither says more surely than the other what is not the same: somebody may choose."""
    return one.value != other.value and one.level == other.level and not _expired(one) and not _expired(other)


def surer(master: Person, merged: Person, chosen: Chosen) -> dict[str, tuple[Row, Row]]:
    """By key, what the master has (empty: nothing) and what it would take. One statement. Raises `MatchingError` for a
    choice against what is surer."""
    found = attributes_of([master.pk, merged.pk])
    kept = found[master.pk]
    for key, person in chosen.items():
        _check(key, person, kept.get(key), found[merged.pk].get(key))
    return {
        key: (_row(kept.get(key)), _row(offered))
        for key, offered in found[merged.pk].items()
        if not _expired(offered) and _is_taken(offered, kept.get(key), chosen.get(key))
    }


def take(merge: Merge, chosen: Chosen) -> list[Move]:
    """Write them on the master; the lines of the ledger that say so, not written yet."""
    moves = []
    for key, (before, after) in sorted(surer(merge.master, merge.merged, chosen).items()):
        put_back(merge.master, key, _fields(after))
        moves.append(Move(merge=merge, holder=Move.VALUE, row=key, before=before, after=after))
    return moves


def give_back(merge: Merge, moves: list[Move]) -> None:
    """What was written since stays: it is what is now known of the master."""
    now = {each.key: _row(each) for each in Attribute.objects.filter(person=merge.master)}
    undone = _undone(merge) if moves else []
    for move in moves:
        if now.get(move.row) == move.after:
            before = _origin(move, undone)
            put_back(merge.master, move.row, _fields(before) if before else None)


def _undone(merge: Merge) -> list[Move]:
    """The values that this master took by other merges, the latest first."""
    found = Move.objects.filter(merge__master=merge.master, holder=Move.VALUE).exclude(merge=merge)
    return list(found.select_related("merge").order_by("-pk"))


def _origin(move: Move, others: list[Move]) -> Row:
    """What the master had before this merge; had it come from a merge that was undone meanwhile, what it had before
    that one, and so on."""
    before, place = move.before, move.pk
    while before:
        writer = next(
            (each for each in others if each.pk < place and each.row == move.row and each.after == before), None
        )
        if writer is None or writer.merge.undone_at is None:
            break
        before, place = writer.before, writer.pk
    return before


def _check(key: str, person: uuid.UUID, kept: Attribute | None, offered: Attribute | None) -> None:
    sides = {each.person_id for each in (kept, offered) if each is not None}
    if person not in sides:
        raise MatchingError(_("Une information a changé entre-temps. Relisez les deux fiches."))
    if kept is None or offered is None or kept.value == offered.value or is_even(kept, offered):
        return
    if (person == offered.person_id) != _is_surer(offered, kept):
        said = {"what": name_of(key)}
        raise MatchingError(_("« %(what)s » : l’information la plus sûre reste. Relisez les deux fiches.") % said)


def _is_taken(offered: Attribute, kept: Attribute | None, chosen: uuid.UUID | None) -> bool:
    if kept is not None and is_even(kept, offered):
        return chosen == offered.person_id
    return _is_surer(offered, kept)


def _is_surer(offered: Attribute, kept: Attribute | None) -> bool:
    return kept is None or _expired(kept) or offered.level > kept.level


def _expired(each: Attribute) -> bool:
    return each.expires_at is not None and each.expires_at <= timezone.now()


def _row(each: Attribute | None) -> Row:
    if each is None:
        return {}
    return {
        "value": each.value,
        "level": each.level,
        "source": each.source,
        "certified_at": each.certified_at.isoformat(),
        "expires_at": each.expires_at.isoformat() if each.expires_at else None,
    }


def _fields(row: Row) -> dict[str, Any]:
    expires = row["expires_at"]
    return {
        **row,
        "certified_at": datetime.fromisoformat(row["certified_at"]),
        "expires_at": datetime.fromisoformat(expires) if expires else None,
    }
