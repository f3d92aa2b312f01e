"""An agent says that two persons look like one, whatever the rules say: the pair waits with the others, and why."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import persons
from etoile.gru.matching import examining
from etoile.gru.matching.errors import MatchingError, NotWithinReach
from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Exclusion, Suspicion
from etoile.gru.matching.reach import task
from etoile.gru.matching.score import score
from etoile.gru.people import scope
from etoile.gru.people.models import Person


def flag(one: uuid.UUID, other: uuid.UUID, account: Account, *, why: str) -> Suspicion:
    """Two whom the agent may see; those who merge will decide. Said again, the last reason stands. Raises
    `MatchingError`."""
    why = why.strip()[: Suspicion.WHY]
    if not why:
        raise MatchingError(_("Dites ce qui vous fait penser que c’est la même personne."))
    with transaction.atomic(), scope.of_agent(account):
        found = Person.objects.filter(pk__in=[one, other], authority=account.authority_id, merged_into=None)
        kinds = dict(found.values_list("pk", "kind"))
        if len(kinds) != 2:
            raise NotWithinReach(_("L’une de ces personnes n’existe plus. Revenez à la liste."))
        if len(set(kinds.values())) != 1:
            raise MatchingError(_("Une personne et un organisme ne se fusionnent pas."))
        with task(account):
            return _flag(account, one, other, why)


def _flag(account: Account, one: uuid.UUID, other: uuid.UUID, why: str) -> Suspicion:
    first, second = examining.ordered(one, other)
    if Exclusion.objects.filter(first=first, second=second).exists():
        raise MatchingError(_("Un agent a dit que ce sont deux personnes. Annulez d’abord cette mise à l’écart."))
    known = examining.known_of([first, second])
    points = score(rules_of(account.authority_id or 0), known.get(first, {}), known.get(second, {})).points
    said = {"authority_id": account.authority_id, "points": points, "flagged_by": account, "why": why}
    found, _made = Suspicion.objects.update_or_create(first_id=first, second_id=second, defaults=said)
    for each, apart in ((one, other), (other, one)):
        persons.note(
            "person.flagged",
            authority=account.authority_id or 0,
            by=account,
            person_id=each,
            detail={"other": str(apart)},
        )
    return found
