"""A price that changed once it was asked or paid: what an agent decides of the difference."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from etoile.gru.access.models import Account
from etoile.gru.api import preconditions
from etoile.gru.api.acting import ACT, agent, case_of, refusals
from etoile.gru.api.describe import MATCHED
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.differences import PriceDecisionIn, PriceDifferenceOut, PriceDifferencesOut
from etoile.gru.fees import deciding, queries
from etoile.gru.fees.differences import Choice, held
from etoile.gru.fees.models import Difference

router = Router(tags=["Paiements"])


@router.get("cases/{case_id}/price-differences", response=PriceDifferencesOut, auth=Needs("cases:read"))
def list_price_differences(request: HttpRequest, case_id: uuid.UUID) -> PriceDifferencesOut:
    """Ce qui sépare le prix d'une demande de ce qui en fut demandé ou payé, quand ses réponses ont changé : une
    différence au plus est à décider."""
    case = case_of(allowed(request), case_id)
    has = held(case.pk)
    return PriceDifferencesOut(items=[PriceDifferenceOut.of(each, has) for each in queries.differences_of(case.pk)])


@router.post(
    "cases/{case_id}/price-differences/{difference_id}/decision",
    response=PriceDifferenceOut,
    auth=Needs(ACT),
    openapi_extra=MATCHED,
)
@repeatable
def decide_price_difference(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, difference_id: uuid.UUID, payload: PriceDecisionIn
) -> PriceDifferenceOut:
    """Décider d'une différence de prix, au nom d'un agent : la demander, changer le paiement demandé, noter qu'elle
    est rendue, ou n'en rien faire. La personne est prévenue. If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    if not any(each.pk == difference_id for each in queries.differences_of(case.pk)):
        raise NOT_FOUND
    seen = preconditions.expected(request, case)
    account = agent(allowed(request), payload.agent, case, "cases.treat")
    with refusals():
        found = _decide(difference_id, account, payload, seen)
    preconditions.announce(response, found.case.version)
    return PriceDifferenceOut.of(found, held(case.pk))


def _decide(pk: uuid.UUID, account: Account, given: PriceDecisionIn, version: int | None) -> Difference:
    read = {"seen": given.gap_cents, "expected_version": version}
    if given.decision is Choice.ASK:
        if given.how is None:
            raise Refusal(422, "invalid-data", "Indiquez comment la personne paie", errors=[("/how", "")])
        return deciding.ask(pk, account, how=given.how, words=given.words, due_on=given.due_on, **read)
    if given.decision is Choice.ADJUST:
        return deciding.adjust(pk, account, **read)
    if given.decision is Choice.GIVE_BACK:
        return deciding.give_back(pk, account, reference=given.reference, **read)
    return deciding.leave(pk, account, reason=given.reason, **read)
