"""Persons of the town at work who look alike: one pair held, one merged, one set apart."""

from uuid import UUID

from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.matching import asking, consulting, deciding, examining, locking, reach
from etoile.gru.matching.models import Asking


def build(agent: Account) -> dict[str, str]:
    examining.examine_all()
    done = deciding.same(*_held(agent), why="Confirmé au téléphone.")
    pair, who, _kept = _held(agent)
    deciding.apart(pair, who, why="Père et fils, même prénom.")
    pair, _who, _kept = _held(agent)
    with reach.task(agent):
        (apart,) = consulting.exclusions(agent)
    return {"merge": str(done.pk), "suspicion": str(pair), "exclusion": str(apart.pk)}


def asked(agent: Account, email: str, person: UUID) -> dict[str, str]:
    """What is asked of the owner of this account, of another record: a link to each."""
    own = PersonAccount.objects.get(authority=agent.authority, email=email).person_id
    first, second = examining.ordered(own, person)
    with reach.task(agent):
        found = Asking.objects.create(
            authority=agent.authority, first_id=first, second_id=second, asked_by=agent,
            ends_at=timezone.now() + asking.LIFE,
        )  # fmt: skip
    sides = {first: "first", second: "second"}
    return {
        "asking": str(found.pk),
        "asking_key": asking.key_of(found.pk, sides[person]),
        "asking_own": asking.key_of(found.pk, sides[own]),
    }


def _held(agent: Account) -> tuple[UUID, Account, UUID]:
    """The most likely pair, taken; who has it; the record that would be kept."""
    with reach.task(agent):
        found = reach.suspicions(agent)[0]
    locking.take(found.pk, agent)
    return found.pk, agent, found.first_id
