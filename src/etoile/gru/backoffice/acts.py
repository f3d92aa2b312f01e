"""What an agent does on a case by a form of its page. Rules: `cases.services`."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Account, Team
from etoile.gru.backoffice import forms
from etoile.gru.backoffice.fee_forms import AskPayment
from etoile.gru.backoffice.views import act
from etoile.gru.cases import actors, services, transmission
from etoile.gru.cases.assigning import assign
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import How


def _take_up(case: Case, account: Account, version: int) -> object:
    """A new case enters its procedure; one already under way, which nobody follows any more, is given to its taker."""
    if case.state == State.SUBMITTED or case.assignee_id:
        return services.start(case.pk, account, expected_version=version)
    assign(case.pk, account, to=account, expected_version=version)
    return _("Vous suivez maintenant cette demande.")


def _hand_over(request: HttpRequest, pk: uuid.UUID, given: dict[str, Any]) -> None:
    """Another team of the authority, or another authority: never both."""
    common = {"reason": given["reason"], "expected_version": given["version"]}
    if given["to"] == forms.HandOver.OUTSIDE:
        transmission.transmit(pk, request.user, to=given["outside"], competent_on=given["competent_on"], **common)
        return
    team = get_object_or_404(Team, authority=request.user.authority, slug=given["to"])
    transmission.transfer(pk, request.user, team=team, **common)


start = act(
    "cases.treat",
    forms.Version,
    gettext_lazy("La demande est prise en charge. La personne est prévenue."),
    lambda request, seen, given, form: _take_up(seen.case, request.user, given["version"]),
)
ask_documents = act(
    "cases.treat",
    forms.AskDocuments,
    gettext_lazy("Les pièces sont demandées. La personne est prévenue par courriel."),
    lambda request, seen, given, form: services.ask_document(
        seen.case.pk,
        request.user,
        items=form.items(),
        deadline=given["deadline"],
        comment=given["comment"],
        expected_version=given["version"],
    ),
)
write = act(
    "cases.treat",
    forms.Write,
    gettext_lazy("Votre message est envoyé."),
    lambda request, seen, given, form: services.post_message(seen.case.pk, actors.agent(request.user), given["body"]),
)
decide = act(
    "cases.decide",
    forms.Decide,
    gettext_lazy("La décision est prise. La personne est prévenue par courriel."),
    lambda request, seen, given, form: services.decide(
        seen.case.pk,
        request.user,
        outcome=State(given["move"].target),
        reasons=given["reasons"],
        transition=given["move"].id,
        expected_version=given["version"],
    ),
)
ask_payment = act(
    "cases.treat",
    AskPayment,
    gettext_lazy("Le paiement est demandé. La personne est prévenue."),
    lambda request, seen, given, form: fees.ask(
        seen.case.pk,
        request.user,
        fees.Asked(given["amount"], How(given["how"]), given["words"], given["due_on"]),
        expected_version=given["version"],
    ),
)
hand_over = act(
    "cases.treat",
    forms.HandOver,
    gettext_lazy("La demande est transmise. La personne est prévenue."),
    lambda request, seen, given, form: _hand_over(request, seen.case.pk, given),
)
reopen = act(
    "cases.decide",
    forms.Reopen,
    gettext_lazy("La demande est rouverte. La personne est prévenue."),
    lambda request, seen, given, form: services.reopen(
        seen.case.pk, request.user, reason=given["reason"], expected_version=given["version"]
    ),
)
