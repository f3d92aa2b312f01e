"""Two persons become one, and two again. Each verb is one transaction with its line in the audit log.

What moves is written in a ledger (`Move`), which is read backwards to undo: a row that went elsewhere since, or a value
written since, stays as it is.
"""

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import persons
from etoile.gru.audit.services import Actor
from etoile.gru.matching import examining, excluding, holders, values
from etoile.gru.matching.errors import MatchingError, NotWithinReach
from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Asking, Exclusion, Merge, Move, Suspicion
from etoile.gru.matching.reach import require, task
from etoile.gru.matching.score import score
from etoile.gru.people.models import Person


def merge(
    master: uuid.UUID,
    merged: uuid.UUID,
    account: Account,
    *,
    why: str = "",
    asking: Asking | None = None,
    chosen: values.Chosen | None = None,
) -> Merge:
    """`merged` is the same person as `master`, who keeps what is surer and receives all that was the other's.

    The agent holds `people.merge` in every sector that knows either. `chosen`: whose value stays where both are as
    sure. `asking`: the person said so, whom the agent had asked. Raises `MatchingError`.
    """
    by: Actor = account if asking is None else persons.ONESELF
    with transaction.atomic(), task(account, author="" if asking is None else "person"):
        first, second = _locked(account, master, merged)
        done = Merge.objects.create(
            authority_id=first.authority_id, master=first, merged=second, points=_points(first, second),
            why=why.strip()[: Merge.WHY], account=account, asking=asking,
            at=_now(),
        )  # fmt: skip
        moves = values.take(done, chosen or {})
        for holder in holders.all_of_them():
            moves += [
                Move(merge=done, holder=holder.name, row=each.row, case_id=each.case_id)
                for each in holder.take(merged=second.pk, master=first.pk)
            ]
        Move.objects.bulk_create(moves)
        # Those who had been merged into it follow: one step always leads to the person in use.
        Person.objects.filter(Q(pk=second.pk) | Q(merged_into=second)).update(merged_into=first)
        Suspicion.objects.filter(Q(first=second) | Q(second=second)).delete()
        examining.again([first.pk, second.pk])
        _note(by, "person.merged", done, cases=_cases(moves))
    return done


def unmerge(merge_id: uuid.UUID, account: Account, *, why: str = "", apart: bool = False) -> Merge:
    """They are two: what came from the other goes back to it. `apart`: nor will they be suspected again.

    Raises `MatchingError`.
    """
    with transaction.atomic(), task(account):
        done = Merge.objects.select_for_update().filter(pk=merge_id, authority=account.authority_id).first()
        if done is None:
            raise NotWithinReach(_("Cette fusion n’existe plus."))
        require(account, done.master_id)
        _lock(done.master_id, done.merged_id)
        done.refresh_from_db()
        _check_undoing(done)
        moves = list(done.moves.order_by("pk"))
        _give_back(done, moves)
        _split(done)
        done.undone_at, done.undone_by, done.undone_why = _now(), account, why.strip()[: Merge.WHY]
        done.save(update_fields=["undone_at", "undone_by", "undone_why"])
        Asking.objects.filter(**_pair(done.master_id, done.merged_id)).update(state=Asking.State.OVER)
        if apart:
            excluding.write(done.master, done.merged, account, done.undone_why)
        examining.again([done.master_id, done.merged_id])
        _note(account, "person.unmerged", done, cases=_cases(moves))
    return done


def _locked(account: Account, master: uuid.UUID, merged: uuid.UUID) -> tuple[Person, Person]:
    found = may_be_one(account, master, merged)
    refused = holders.refusal(master, merged)
    if refused:
        raise MatchingError(refused)
    return found


def may_be_one(account: Account, master: uuid.UUID, merged: uuid.UUID) -> tuple[Person, Person]:
    """Both, held until the transaction ends. Raises `MatchingError`, but for what other rooms refuse. Under `task`."""
    found = _lock(master, merged)
    if master == merged:
        raise MatchingError(_("C’est deux fois la même fiche. Rien n’a changé."))
    if len(found) != 2 or len({each.authority_id for each in found.values()}) != 1:
        raise NotWithinReach(_("L’une de ces personnes n’existe plus. Revenez à la liste."))
    if any(each.merged_into_id for each in found.values()):
        raise MatchingError(_("L’une de ces fiches est déjà fusionnée. Revenez à la liste."))
    require(account, master, merged)
    if any(each.restricted_at for each in found.values()):
        raise MatchingError(_("L’une de ces personnes a demandé que ses données ne servent plus : on ne fusionne pas."))
    if len({each.kind for each in found.values()}) != 1:
        raise MatchingError(_("Une personne et un organisme ne se fusionnent pas."))
    if Exclusion.objects.filter(**_pair(master, merged)).exists():
        raise MatchingError(_("Un agent a dit que ce sont deux personnes. Annulez d’abord cette mise à l’écart."))
    return found[master], found[merged]


def _lock(*persons: uuid.UUID) -> dict[uuid.UUID, Person]:
    """In one order, whoever asks: two agents who merge the same two do not wait for one another. A case that arrives
    for one of them waits too."""
    return {each.pk: each for each in Person.objects.select_for_update().filter(pk__in=persons).order_by("pk")}


def _pair(one: uuid.UUID, other: uuid.UUID) -> dict[str, Any]:
    return dict(zip(("first", "second"), examining.ordered(one, other), strict=True))


def _points(first: Person, second: Person) -> int:
    known = examining.known_of([first.pk, second.pk])
    return score(rules_of(first.authority_id), known.get(first.pk, {}), known.get(second.pk, {})).points


def _check_undoing(done: Merge) -> None:
    if done.undone_at is not None:
        raise MatchingError(_("Cette fusion est déjà annulée."))
    if Person.objects.filter(pk=done.master_id).exclude(merged_into=None).exists():
        raise MatchingError(
            _("La fiche gardée a été fusionnée depuis avec une autre. Annulez d’abord cette fusion-là.")
        )


def _give_back(done: Merge, moves: list[Move]) -> None:
    by_holder: dict[str, list[str]] = defaultdict(list)
    for each in moves:
        if each.holder != Move.VALUE:
            by_holder[each.holder].append(each.row)
    for name, rows in by_holder.items():
        holder = holders.named(name)
        if holder is None:
            raise MatchingError(_("Cette fusion a été faite par une version plus récente : elle ne s’annule pas ici."))
        holder.give_back(rows, merged=done.merged_id, master=done.master_id)
    values.give_back(done, [each for each in moves if each.holder == Move.VALUE])


def _split(done: Merge) -> None:
    """The other stands by itself again, with those who had been merged into it."""
    Person.objects.filter(pk=done.merged_id).update(merged_into=None)
    below = [done.merged_id]
    while below:
        below = list(Merge.objects.filter(master__in=below, undone_at=None).values_list("merged", flat=True))
        Person.objects.filter(pk__in=below).update(merged_into=done.merged_id)


def _now() -> datetime:
    """By the clock of the database, which dates what is written of a person: before or after, without a doubt."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _cases(moves: list[Move]) -> list[str]:
    return [each.row for each in moves if each.case_id is not None]


def _note(by: Actor, action: str, done: Merge, *, cases: list[str]) -> None:
    detail = {"merge": str(done.pk), "merged": str(done.merged_id), "cases": len(cases)}
    persons.note(action, authority=done.authority_id, by=by, person_id=done.master_id, detail=detail)
