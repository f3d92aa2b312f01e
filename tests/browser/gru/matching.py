"""Persons of the town at work who look alike: one pair held, one merged, one set apart."""

from uuid import UUID

from etoile.gru.access.models import Account
from etoile.gru.matching import consulting, deciding, examining, locking, reach


def build(agent: Account) -> dict[str, str]:
    examining.examine_all()
    done = deciding.same(*_held(agent), why="Confirmé au téléphone.")
    pair, who, _kept = _held(agent)
    deciding.apart(pair, who, why="Père et fils, même prénom.")
    pair, _who, _kept = _held(agent)
    with reach.task(agent):
        (apart,) = consulting.exclusions(agent)
    return {"merge": str(done.pk), "suspicion": str(pair), "exclusion": str(apart.pk)}


def _held(agent: Account) -> tuple[UUID, Account, UUID]:
    """The most likely pair, taken; who has it; the record that would be kept."""
    with reach.task(agent):
        found = reach.suspicions(agent)[0]
    locking.take(found.pk, agent)
    return found.pk, agent, found.first_id
