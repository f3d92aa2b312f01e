"""What is to be paid for a request: asked, and what became of it. The money never passes through here."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from etoile.gru.access.models import Account
from etoile.gru.api import preconditions
from etoile.gru.api.acting import ACT, agent, case_of, refusals
from etoile.gru.api.describe import MATCHED
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.payments import PaymentIn, PaymentOut, PaymentsOut, Settled, SettlementIn
from etoile.gru.fees import queries, services
from etoile.gru.fees.models import Fee

router = Router(tags=["Paiements"])


@router.get("cases/{case_id}/payments", response=PaymentsOut, auth=Needs("cases:read"))
def list_payments(request: HttpRequest, case_id: uuid.UUID) -> PaymentsOut:
    """Ce qui est à payer pour une demande, et ce qui l'a été, dans l'ordre où ce fut demandé."""
    case = case_of(allowed(request), case_id)
    return PaymentsOut(items=[PaymentOut.of(each) for each in queries.of_case(case.pk)])


@router.post("cases/{case_id}/payments", response={201: PaymentOut}, auth=Needs(ACT), openapi_extra=MATCHED)
@repeatable
def ask_payment(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: PaymentIn
) -> Status[PaymentOut]:
    """Demander un paiement, au nom d'un agent : un à la fois. La personne est prévenue. If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    account = agent(allowed(request), payload.agent, case, "cases.treat")
    asked = services.Asked(payload.amount_cents, payload.how, payload.words, payload.due_on)
    with refusals():
        fee = services.ask(case_id, account, asked, expected_version=seen)
    preconditions.announce(response, fee.case.version)
    return Status(201, PaymentOut.of(fee))


@router.post(
    "cases/{case_id}/payments/{payment_id}/settlement",
    response=PaymentOut,
    auth=Needs(ACT),
    openapi_extra=MATCHED,
)
@repeatable
def settle_payment(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payment_id: uuid.UUID, payload: SettlementIn
) -> PaymentOut:
    """Noter qu'un paiement est fait, annulé ou remboursé, au nom d'un agent. La personne est prévenue. If-Match
    obligatoire."""
    case = case_of(allowed(request), case_id)
    if not any(each.pk == payment_id for each in queries.of_case(case.pk)):
        raise NOT_FOUND
    seen = preconditions.expected(request, case)
    account = agent(allowed(request), payload.agent, case, "cases.treat")
    with refusals():
        fee = _settle(payment_id, account, payload, seen)
    preconditions.announce(response, fee.case.version)
    return PaymentOut.of(fee)


def _settle(payment_id: uuid.UUID, account: Account, given: SettlementIn, seen: int | None) -> Fee:
    if given.state is Settled.PAID:
        if given.paid_on is None:
            raise Refusal(422, "invalid-data", "Indiquez le jour du paiement", errors=[("/paid_on", "")])
        return services.pay(
            payment_id, account, reference=given.reference, paid_on=given.paid_on, expected_version=seen
        )
    if given.state is Settled.CANCELLED:
        return services.cancel(payment_id, account, reason=given.reason, expected_version=seen)
    return services.refund(payment_id, account, reason=given.reason, reference=given.reference, expected_version=seen)
