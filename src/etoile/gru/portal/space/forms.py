"""The forms of « Mon espace »."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.accounts.passphrases import LEAST
from etoile.gru.portal.forms import EMAIL_ERRORS, PlainForm

PHRASE = _("Quinze caractères au moins : quatre mots sans lien, par exemple. Les espaces comptent.")


def email_field(help_text: Any) -> forms.EmailField:
    return forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        help_text=help_text,
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def phrase_field(label: Any, *, is_new: bool, help_text: Any = "", required: Any) -> forms.CharField:
    kind = "new-password" if is_new else "current-password"
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=1000,
        error_messages={"required": required},
        widget=forms.PasswordInput(attrs={"autocomplete": kind, **({"minlength": LEAST} if is_new else {})}),
    )


class SignIn(PlainForm):
    email = email_field(_("Par exemple : camille.martin@exemple.fr"))
    passphrase = phrase_field(
        _("Votre phrase secrète"), is_new=False, required=_("Écrivez votre phrase secrète, celle de votre espace.")
    )
    shared = forms.BooleanField(required=False)


class Address(PlainForm):
    """Where to send a code."""

    email = email_field(_("Nous y envoyons un code. Par exemple : camille.martin@exemple.fr"))


class NewPhrase(PlainForm):
    """A passphrase, twice."""

    passphrase = phrase_field(
        _("Choisissez une phrase secrète"),
        is_new=True,
        help_text=PHRASE,
        required=_("Écrivez une phrase secrète de quinze caractères au moins, par exemple quatre mots sans lien."),
    )
    again = phrase_field(
        _("La même, encore une fois"), is_new=True, required=_("Écrivez de nouveau la phrase secrète.")
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("passphrase") and given.get("again") and given["passphrase"] != given["again"]:
            self.add_error("again", _("Les deux phrases diffèrent. Écrivez deux fois la même."))
        return given


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Le code reçu par courriel"),
        max_length=20,
        help_text=_("Huit chiffres. Par exemple : 4829 1035"),
        error_messages={"required": _("Recopiez les huit chiffres du courriel, par exemple 4829 1035.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class Code(PlainForm):
    code = code_field()


class Entrance(NewPhrase):
    """The code that was sent, and the passphrase."""

    code = code_field()
    field_order = ["code", "passphrase", "again"]


class Proving(PlainForm):
    """What is asked again before what cannot be undone: the passphrase, of who has one."""

    current = phrase_field(
        _("Votre phrase secrète actuelle"), is_new=False, required=_("Écrivez votre phrase secrète actuelle.")
    )

    def __init__(self, *args: Any, account: PersonAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not account.passphrase:
            del self.fields["current"]


class NewKey(Proving):
    """How the key will be called, and who adds it."""

    name = forms.CharField(
        label=_("Nom de cette clé"),
        max_length=60,
        help_text=_("Pour la reconnaître. Par exemple : Mon téléphone"),
        error_messages={"required": _("Donnez un nom à cette clé, par exemple Mon téléphone.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "current"]


class OtherPhrase(NewPhrase, Proving):
    field_order = ["current", "passphrase", "again"]


class OtherAddress(Proving):
    email = email_field(_("La nouvelle : nous y envoyons un code. Par exemple : camille.martin@exemple.fr"))
    field_order = ["email", "current"]


class Closing(Proving):
    sure = forms.BooleanField(
        label=_("Je ferme mon espace, et j’efface ce qu’il garde"),
        error_messages={"required": _("Cochez cette case pour fermer votre espace.")},
    )


class TrackingLink(PlainForm):
    link = forms.CharField(
        label=_("Le lien de suivi"),
        max_length=500,
        help_text=_(
            "Il est dans le courriel de l’accusé. Copiez-le en entier : il finit par des lettres et des chiffres."
        ),
        error_messages={"required": _("Collez le lien de suivi, copié depuis le courriel de l’accusé.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
