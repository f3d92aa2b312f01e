from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import Plain

NUMBERS = {"inputmode": "numeric", "autocomplete": "one-time-code"}
TELEPHONE = _("Code affiché par votre application")
WRONG = _(
    "Ce code n’est pas le bon, ou il a déjà servi. Attendez que l’application en affiche un nouveau, puis recopiez-le."
)
CHANGED = _(
    "Les clés de ce serveur ont changé pendant l’installation. L’image n’est plus la même : faites-la lire de nouveau, "
    "puis recopiez le code."
)
UNREADABLE = _(
    "Ce serveur ne sait plus lire votre téléphone : la clé d’alors a été retirée. Prenez un code de secours, ou "
    "demandez à la personne qui gère les comptes de faire oublier votre téléphone."
)


class FirstCode(Plain):
    """The telephone shows that it has read the secret."""

    code = forms.CharField(
        label=TELEPHONE,
        max_length=20,
        help_text=_("Six chiffres, par exemple 123 456. Ils changent toutes les trente secondes."),
        widget=forms.TextInput(attrs=NUMBERS),
        error_messages={"required": _("Recopiez les six chiffres que l’application affiche.")},
    )


class AnyCode(FirstCode):
    """A code of the telephone, or one on paper."""

    recovery = forms.CharField(
        label=_("Code de secours"),
        required=False,
        max_length=40,
        help_text=_(
            "Un des dix codes notés à l’installation, par exemple K7QM-3F9T-2WXA-PL5D. Il sert une seule fois."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("code") and not given.get("recovery") and not self.errors:
            self.add_error("code", self.fields["code"].error_messages["required"])
        return given

    @property
    def given(self) -> str:
        return str(self.cleaned_data.get("code") or self.cleaned_data.get("recovery") or "")

    def refuse(self, *, readable: bool = True) -> None:
        """The code was wrong, or not `readable` by this server: say it at the field that was filled."""
        if self.cleaned_data.get("code"):
            self.add_error("code", WRONG if readable else UNREADABLE)
        else:
            self.add_error(
                "recovery", _("Ce code de secours n’est pas le bon, ou il a déjà servi. Prenez-en un autre.")
            )
