"""A mandate is offered to an address, and accepted by whoever proved in their account that it is theirs: typing a name
gives nobody's file, and nobody answers for somebody who has not said yes."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.audit import persons as audit
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.people.queries import attributes_of
from etoile.gru.people.words import name_of
from etoile.gru.ties import checks, services
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Offer, Tie

ACCEPTED = "person.mandate_accepted"


def make(tie: Tie, email: str) -> None:
    """In the caller's transaction and scope."""
    if email:
        Offer.objects.create(tie=tie, email=email.strip().lower())


def of_account(account: PersonAccount) -> list[tuple[Tie, str]]:
    """The mandates that wait for an answer, each with the name of who gives it. Two statements."""
    if not account.email:
        return []
    with scope.of_task("mandates", authority=account.authority_id):
        found = Offer.objects.select_related("tie__authority").filter(
            email=account.email, tie__authority=account.authority_id, tie__ended_at=None
        )
        ties = [each.tie for each in found.order_by("tie_id") if not each.tie.is_over]
        others = [each for each in ties if each.subject_id != account.person_id]
        known = attributes_of({each.subject_id for each in others})
        return [(each, name_of(known[each.subject_id])) for each in others]


def unanswered(principal: uuid.UUID) -> set[uuid.UUID]:
    """The mandates this person gave that nobody said yes to. One statement."""
    with scope.of_person(principal):
        return set(Offer.objects.filter(tie__subject=principal).values_list("tie_id", flat=True))


def accept(account: PersonAccount, tie_id: uuid.UUID) -> None:
    """The account's person is the one who may act from now on. Raises `TieRefused`."""
    with scope.of_task("mandates", authority=account.authority_id, author="person"):
        # Whoever gives it was merged while we waited: begun again with the record kept, and nothing was written.
        while not _accepted(account, tie_id):
            continue


def _accepted(account: PersonAccount, tie_id: uuid.UUID) -> bool:
    """In a transaction of its own. The persons are held before the tie, and the tie before its offer, as by whoever
    merges two records or ends a mandate: nobody then waits for who waits for them."""
    with transaction.atomic():
        held = checks.hold(account.person_id, _offer(account, tie_id).tie.subject_id)
        tie = _locked(account, tie_id)
        if tie.subject_id not in held:
            return False
        tie.holder = Person.objects.get(pk=account.person_id)
        checks.refuse_pair(tie)
        checks.refuse_twice(tie)
        tie.save(update_fields=["holder"])
        Offer.objects.filter(tie=tie).delete()
        for each in (tie.holder_id, tie.subject_id):
            audit.note(
                ACCEPTED, authority=tie.authority_id, by=audit.ONESELF, person_id=each, detail={"kind": tie.kind}
            )
    return True


def refuse(account: PersonAccount, tie_id: uuid.UUID) -> None:
    """It is over before it began. Raises `TieRefused`."""
    with transaction.atomic(), scope.of_task("mandates", authority=account.authority_id, author="person"):
        services.end(_locked(account, tie_id).pk)


def _locked(account: PersonAccount, tie_id: uuid.UUID) -> Tie:
    """Until the transaction ends. Raises `TieRefused`."""
    tie = services.locked(tie_id)
    if _offer(account, tie_id).tie.is_over:
        raise TieRefused(_("Ce mandat ne vous est plus proposé."))
    return tie


def _offer(account: PersonAccount, tie_id: uuid.UUID) -> Offer:
    found = Offer.objects.select_related("tie__authority").filter(
        tie=tie_id, email=account.email, tie__authority=account.authority_id
    )
    offer = found.first() if account.email else None
    if offer is None:
        raise TieRefused(_("Ce mandat ne vous est plus proposé."))
    return offer
