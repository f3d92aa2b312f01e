"""Acts on e-mails that came back."""

from django.utils.translation import gettext_lazy as _

from etoile.gru.backoffice.returned import CorrectEmail, ToldOtherwise
from etoile.gru.backoffice.views import act
from etoile.gru.cases import services

correct = act(
    "cases.treat",
    CorrectEmail,
    _("L’adresse est corrigée. Ce qui était revenu part de nouveau."),
    lambda request, seen, given, form: services.correct_email(
        seen.case.pk, request.user, given["email"], expected_version=given["version"]
    ),
)
settle = act(
    "cases.treat",
    ToldOtherwise,
    _("C’est noté. L’historique de la demande le dit."),
    lambda request, seen, given, form: services.settle(
        seen.case.pk, request.user, by_letter=given["by_letter"], expected_version=given["version"]
    ),
)
