"""What an agent decides of a difference of price: ask it, give it back, leave it. Each is one transaction.

`seen`: the sum in cents that the agent read, below zero what is in excess; another one now is refused (`CaseError`).
`expected_version`: of the case; another one now raises `StaleCase`. What is returned has its case as it is now.
"""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, events, telling
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import Outgoing, locked, write
from etoile.gru.cases.typed import readable
from etoile.gru.fees import services
from etoile.gru.fees.differences import Held, held
from etoile.gru.fees.models import Difference, How


def ask(
    difference_id: uuid.UUID,
    account: Account,
    *,
    how: How,
    words: str = "",
    due_on: date | None = None,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Difference:
    """The person has the difference to pay: a payment of its own. The request waits for it."""
    with transaction.atomic():
        case, found, has = _locked(difference_id, seen, expected_version)
        gap = has.gap(found.after)
        if gap <= 0:
            raise CaseError(_("Il n’y a plus de différence à demander."))
        # Settled before it is asked: asking makes it even, which would say that nobody decided.
        _decided(found, account, Difference.State.ASKED, gap)
        found.case = services.ask(case.pk, account, services.Asked(gap, how, words, due_on)).case
    return found


def adjust(
    difference_id: uuid.UUID, account: Account, *, seen: int | None = None, expected_version: int | None = None
) -> Difference:
    """The payment that is asked takes the difference in, up or down; none is left to pay when it is all of it."""
    with transaction.atomic():
        case, found, has = _locked(difference_id, seen, expected_version)
        fee, gap = has.ours, has.gap(found.after)
        if fee is None or not gap or fee.amount + gap < 0:
            raise CaseError(_("Le paiement demandé ne peut pas prendre cette différence."))
        before = fee.amount
        _decided(found, account, Difference.State.ASKED, abs(gap))
        services.reprice(case, fee, before + gap, actors.agent(account))
        effect = "due" if before + gap else "cancelled"
        telling.tell(case, "price_changed", before=found.before, after=found.after, due=before + gap, effect=effect)
    return found


def give_back(
    difference_id: uuid.UUID,
    account: Account,
    *,
    reference: str,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Difference:
    """The till or the treasury gave back what was paid in excess: its reference, as it wrote it."""
    reference = readable(reference)[:128]
    if not reference:
        raise Incomplete(_("Écrivez la référence du remboursement, comme la caisse ou le Trésor l’a notée."))
    with transaction.atomic():
        case, found, has = _locked(difference_id, seen, expected_version)
        excess = min(-has.gap(found.after), has.paid)
        if excess <= 0:
            raise CaseError(_("Il n’y a plus de différence à rendre."))
        found.reference = reference
        _decided(found, account, Difference.State.GIVEN_BACK, excess)
        detail = {"fee": "given_back", "payment": str(found.pk), "price": excess, "reference": reference}
        write(case, "fee", actors.agent(account), detail=detail, outgoing=[_returned(case, found)])
        told = {"effect": "given_back", "refunded": excess}
        telling.tell(case, "price_changed", before=found.before, after=found.after, **told)
    return found


def leave(
    difference_id: uuid.UUID,
    account: Account,
    *,
    reason: str,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Difference:
    """Nothing is asked, nothing is given back; the person reads why."""
    reason = readable(reason)[: services.WORDS_LIMIT]
    if not reason:
        raise Incomplete(_("Indiquez le motif : il sera communiqué à la personne."))
    with transaction.atomic():
        case, found, _has = _locked(difference_id, seen, expected_version)
        found.reason = reason
        _decided(found, account, Difference.State.LEFT, 0)
        detail = {"fee": "left", "price": found.after, "price_before": found.before}
        write(case, "fee", actors.agent(account), reason=reason, detail=detail)
        telling.tell(case, "price_changed", before=found.before, after=found.after, effect="left")
    return found


def _locked(difference_id: uuid.UUID, seen: int | None, expected_version: int | None) -> tuple[Case, Difference, Held]:
    """The case first, as every verb does."""
    case_id = Difference.objects.values_list("case", flat=True).get(pk=difference_id)
    case = locked(case_id, expected_version=expected_version)
    found = Difference.objects.select_for_update().get(pk=difference_id)
    found.case = case
    if found.state != Difference.State.OPEN:
        raise CaseError(_("Cette différence est déjà réglée."))
    has = held(case.pk)
    services.as_read(seen, has.gap(found.after))
    return case, found, has


def _decided(found: Difference, account: Account, state: Difference.State, amount: int) -> None:
    found.state, found.amount = state, amount
    found.decided_at, found.decided_by = timezone.now(), actors.agent(account).name[:200]
    found.save()


def _returned(case: Case, found: Difference) -> Outgoing:
    """A payment of its own: the one it comes from is paid, and stays so."""
    data = {
        "payment": {"id": str(found.pk), "reference": found.reference[:64]},
        "case": case.identity(),
        "amount_cents": found.amount,
        "currency": "EUR",
        "state": "refunded",
        "occurred_at": events.stamp(timezone.now()),
    }
    return Outgoing(services.CHANGED, data, for_nobody=True)
