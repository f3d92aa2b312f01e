"""What an agent types to act on many cases, or to export them."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Account
from etoile.gru.batches.models import Format, Kind
from etoile.gru.batches.services import MOST
from etoile.gru.cases.services import MESSAGE_LIMIT
from etoile.gru.cases.typed import identifiers
from etoile.gru.desk.models import Label


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format du fichier"), choices=Format.choices, initial=Format.CSV, widget=forms.RadioSelect
    )


class ActForm(forms.Form):
    """One form, a button for each act: what the other acts ask is not read."""

    cases = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST * 40)
    to = forms.ChoiceField(label=_("Agent à qui confier les demandes"), required=False)
    label = forms.ChoiceField(label=_("Étiquette à mettre"), required=False)
    body = forms.CharField(
        label=_("Votre message"),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Chaque personne le lira sur sa page de suivi ; un courriel la prévient, sans ce texte."),
    )
    reasons = forms.CharField(
        label=_("Motif du classement"),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Chaque personne le lira dans la lettre de décision, signée de votre nom."),
    )

    def __init__(self, *args: Any, agents: list[Account], offered: list[Label], kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choisissez un agent")), *((str(each.pk), str(each)) for each in agents)]
        self.fields["label"].choices = [
            ("", _("Choisissez une étiquette")),
            *((str(each.pk), each.name) for each in offered),
        ]
        self.needed = _NEEDED.get(kind)

    def clean(self) -> dict[str, Any]:
        if self.needed is not None:
            name, words = self.needed
            if name not in self.errors and not str(self.cleaned_data.get(name, "")).strip():
                self.add_error(name, words)
        return self.cleaned_data

    def chosen(self) -> list[uuid.UUID]:
        """In the order they were counted; what is no identifier is left out."""
        return list(dict.fromkeys(identifiers(self.cleaned_data.get("cases", "").split(","))))

    def asked(self, kind: Kind) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            Kind.ASSIGN: {"to": int(given["to"] or 0)},
            Kind.LABEL: {"label": int(given["label"] or 0)},
            Kind.MESSAGE: {"body": given["body"]},
            Kind.CLOSE: {"reasons": given["reasons"]},
        }.get(kind, {})


_NEEDED: dict[str, tuple[str, Any]] = {
    Kind.ASSIGN: ("to", _("Choisissez l’agent à qui confier les demandes.")),
    Kind.LABEL: ("label", _("Choisissez l’étiquette à mettre.")),
    Kind.MESSAGE: ("body", _("Écrivez le message à envoyer.")),
    Kind.CLOSE: ("reasons", _("Écrivez le motif du classement : chaque personne le lira.")),
}
