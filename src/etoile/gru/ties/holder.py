"""What becomes of ties when two records of one person are merged (`gru.matching`)."""

import uuid
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from etoile.gru.matching import holders
from etoile.gru.matching.holders import Rows, Taken
from etoile.gru.people import wall
from etoile.gru.ties.models import Concerned, Tie, Told


class End:
    """A `holders.Holder`: the ties of which the person is this end. A tie is no reason to keep a record whose requests
    are all gone."""

    def __init__(self, field: str) -> None:
        self._rows = Rows(Tie, field)
        self.name = self._rows.name

    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]:
        return self._rows.take(merged=merged, master=master)

    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int:
        return self._rows.give_back(rows, merged=merged, master=master)


def declare() -> None:
    wall.seal("ties_tie", "ties_history", "ties_told", "ties_concerned", "ties_offer")
    holders.register(End("holder"))
    holders.register(End("subject"))
    holders.register(Rows(Concerned, "person", case="case_id"))
    holders.staying(Told, "person", "how that record came to be does not change")
    holders.register_obstacle(refusal)


def refusal(master: uuid.UUID, merged: uuid.UUID) -> str:
    between = Q(holder=master, subject=merged) | Q(holder=merged, subject=master)
    if not Tie.objects.filter(between, ended_at=None).exists():
        return ""
    return _("Un lien dit que ce sont deux personnes. Terminez-le d’abord si c’est une erreur.")
