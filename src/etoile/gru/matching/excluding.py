"""Two persons who look alike and are two: an agent says so, and they are suspected no more until that is undone."""

import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import persons
from etoile.gru.matching import examining
from etoile.gru.matching.errors import NotWithinReach
from etoile.gru.matching.holders import Taken
from etoile.gru.matching.models import Exclusion, Suspicion
from etoile.gru.matching.reach import require, task
from etoile.gru.people.models import Person

# Who was said to be another person than the one merged is another than the master.
_COPY = """
INSERT INTO matching_exclusion (authority_id, first_id, second_id, why, account_id, at)
SELECT authority_id, least(%(master)s, other), greatest(%(master)s, other), why, account_id, at
FROM (
    SELECT *, CASE first_id WHEN %(merged)s THEN second_id ELSE first_id END AS other
    FROM matching_exclusion WHERE first_id = %(merged)s OR second_id = %(merged)s
) said
WHERE other <> %(master)s
ON CONFLICT (first_id, second_id) DO NOTHING RETURNING id
"""


def exclude(first: uuid.UUID, second: uuid.UUID, account: Account, *, why: str = "") -> None:
    """Raises `MatchingError`."""
    with transaction.atomic(), task(account):
        # Their person may be saying at this very moment that they are one.
        both = Person.objects.select_for_update(no_key=True).filter(pk__in=[first, second], merged_into=None)
        found = {each.pk: each for each in both.order_by("pk")}
        if len(found) != 2:
            raise NotWithinReach(_("L’une de ces personnes n’existe plus. Revenez à la liste."))
        require(account, *found)
        write(found[first], found[second], account, why)
        _note(account, "person.excluded", first, second)


def include(exclusion: int, account: Account) -> None:
    """It was said by mistake: the rules speak again, at once. Raises `MatchingError`."""
    with transaction.atomic(), task(account):
        found = Exclusion.objects.filter(pk=exclusion, authority=account.authority_id).first()
        if found is None:
            raise NotWithinReach(_("Cette mise à l’écart n’existe plus. Revenez à la liste."))
        require(account, found.first_id, found.second_id)
        found.delete()
        examining.examine([found.first_id])
        _note(account, "person.included", found.first_id, found.second_id)


def write(one: Person, other: Person, account: Account, why: str) -> None:
    """In the caller's transaction."""
    first, second = examining.ordered(one.pk, other.pk)
    said = {"authority_id": one.authority_id, "why": why.strip()[: Exclusion.WHY], "account": account}
    Exclusion.objects.get_or_create(first_id=first, second_id=second, defaults=said)
    Suspicion.objects.filter(first=first, second=second).delete()


class Exclusions:
    """A `holders.Holder`: what was said of the one merged holds for the master, as long as they are one."""

    name = "matching.exclusion.first"

    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]:
        with connection.cursor() as cursor:
            cursor.execute(_COPY, {"merged": merged, "master": master})
            return [Taken(str(row)) for (row,) in cursor.fetchall()]

    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int:
        return Exclusion.objects.filter(pk__in=[int(row) for row in rows]).delete()[0]


def _note(account: Account, action: str, one: uuid.UUID, other: uuid.UUID) -> None:
    for each, apart in ((one, other), (other, one)):
        said = {"other": str(apart)}
        persons.note(action, authority=account.authority_id or 0, by=account, person_id=each, detail=said)
