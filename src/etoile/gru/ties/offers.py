"""A mandate is offered to an address, and accepted by whoever proved in their account that it is theirs: typing a name
gives nobody's file, and nobody answers for somebody who has not said yes."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.audit import persons as audit
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.people.queries import attributes
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
    """The mandates that wait for an answer, each with the name of who gives it. One statement, two more each."""
    if not account.email:
        return []
    with scope.of_task("mandates", authority=account.authority_id):
        found = Offer.objects.select_related("tie__authority").filter(
            email=account.email, tie__authority=account.authority_id, tie__ended_at=None
        )
        return [
            (each.tie, name_of(attributes(each.tie.subject_id)))
            for each in found.order_by("tie_id")
            if not each.tie.is_over and each.tie.subject_id != account.person_id
        ]


def accept(account: PersonAccount, tie_id: uuid.UUID) -> None:
    """The account's person is the one who may act from now on. Raises `TieRefused`."""
    with transaction.atomic(), scope.of_task("mandates", authority=account.authority_id, author="person"):
        tie = _locked(account, tie_id)
        tie.holder = Person.objects.get(pk=account.person_id)
        checks.refuse_pair(tie)
        checks.refuse_twice(tie)
        tie.save(update_fields=["holder"])
        Offer.objects.filter(tie=tie).delete()
        for each in (tie.holder_id, tie.subject_id):
            audit.note(
                ACCEPTED, authority=tie.authority_id, by=audit.ONESELF, person_id=each, detail={"kind": tie.kind}
            )


def refuse(account: PersonAccount, tie_id: uuid.UUID) -> None:
    """It is over before it began. Raises `TieRefused`."""
    with transaction.atomic(), scope.of_task("mandates", authority=account.authority_id, author="person"):
        services.end(_locked(account, tie_id).pk)


def _locked(account: PersonAccount, tie_id: uuid.UUID) -> Tie:
    offer = (
        Offer.objects.select_for_update(of=("self", "tie"))
        .select_related("tie__authority")
        .filter(tie=tie_id, email=account.email, tie__authority=account.authority_id)
        .first()
        if account.email
        else None
    )
    if offer is None or offer.tie.is_over:
        raise TieRefused(_("Ce mandat ne vous est plus proposé."))
    return offer.tie
