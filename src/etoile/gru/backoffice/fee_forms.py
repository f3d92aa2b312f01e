"""What an agent types of a payment. Its rules are in `fees.services`."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.backoffice.forms import Version
from etoile.gru.cases.errors import CaseError
from etoile.gru.fees.models import How
from etoile.gru.fees.services import STALE
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.amount import TYPE as AMOUNT
from etoile.gru.forms.texts import NOTHING

_AMOUNT = Field("amount", "amount", NOTHING)
_REASON_WANTED = _("Écrivez le motif : la personne le lira.")
_SUM = re.compile(r"-?\d{1,10}", re.ASCII)


def seen_of(request: HttpRequest) -> int:
    """The sum that the page showed, in cents. Raises `CaseError`."""
    shown = request.POST.get("seen", "")
    if not _SUM.fullmatch(shown):
        raise CaseError(STALE)
    return int(shown)


class HowPaid(forms.Form):
    how = forms.ChoiceField(
        label=_("Comment la personne paie-t-elle ?"),
        choices=How.choices,
        widget=forms.RadioSelect,
        initial=How.TILL.value,
        error_messages={"required": _("Choisissez comment la personne paie.")},
    )
    words = forms.CharField(
        label=_("Précision à la personne"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une phrase simple. Ne demandez jamais un numéro de carte."),
    )
    due_on = day(_("À payer avant le"))


class AskPayment(HowPaid, Version):
    prefix = "paiement"
    field_order = ("amount", "how", "words", "due_on")

    amount = forms.CharField(
        label=_("Montant"),
        max_length=20,
        help_text=_("En euros. Par exemple : 16,50"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Écrivez le montant à payer, par exemple 16,50.")},
    )

    def clean_amount(self) -> int:
        cents = AMOUNT.normalise(self.cleaned_data["amount"], _AMOUNT)
        if not isinstance(cents, int):
            raise forms.ValidationError(_("Ce montant n’est pas un nombre. Exemple : 16,50."))
        return cents


class Nothing(forms.Form):
    """A button."""


class Paid(forms.Form):
    reference = forms.CharField(
        label=_("Référence du paiement"),
        max_length=128,
        help_text=_("Numéro de la quittance ou du titre de recettes. Par exemple : Q-2027-0042"),
        error_messages={"required": _("Écrivez la référence du paiement, par exemple Q-2027-0042.")},
    )
    paid_on = day(_("Payé le"), required=_("Indiquez le jour du paiement, par exemple 15/01/2027."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_on"].initial = timezone.localdate()


class Cancelled(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=500, error_messages={"required": _REASON_WANTED})


class Refunded(Cancelled):
    reference = forms.CharField(
        label=_("Référence du remboursement"), max_length=128, required=False, help_text=_("Si vous l’avez.")
    )


class GivenBack(forms.Form):
    reference = forms.CharField(
        label=_("Référence du remboursement"),
        max_length=128,
        help_text=_("Comme la caisse ou le Trésor l’a notée. Par exemple : R-2027-0042"),
        error_messages={"required": _("Écrivez la référence du remboursement, par exemple R-2027-0042.")},
    )
