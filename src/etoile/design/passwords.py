"""The page where one changes one's own password, the same in both products: Django's, in our words, throttled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

# What Django's validators say, by the code of their errors: https://docs.djangoproject.com/en/5.2/topics/auth/passwords/
WEAK = {
    "password_too_similar": _("Il ressemble trop à votre nom ou à votre courriel. Choisissez d’autres mots."),
    "password_too_common": _("Il est trop connu : on l’essaie en premier. Choisissez une phrase à vous."),
}


class InOurWords(SetPasswordForm):
    """A new password, twice. Django's validators speak to whoever sets a site up: their sentences are ours here."""

    def say(self, name: str, label: Any, required: Any, hint: Any = "") -> None:
        field = self.fields[name]
        field.label = label
        field.help_text = hint
        field.error_messages["required"] = required
        # The page opens at its title, not inside its first field.
        field.widget.attrs.pop("autofocus", None)

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, _plain(error) if isinstance(error, forms.ValidationError) else error)


class OwnPassword(InOurWords, PasswordChangeForm):
    """The present password is checked as a sign-in is: too many wrong ones are answered as there (django-axes)."""

    error_messages = {
        "password_incorrect": _("Ce n’est pas votre mot de passe actuel. Vérifiez-le, puis recommencez."),
        "password_mismatch": _("Les deux nouveaux mots de passe diffèrent. Écrivez deux fois le même."),
    }

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.user, *args, **kwargs)  # type: ignore[arg-type]
        self.request = request
        self.say("old_password", _("Mot de passe actuel"), _("Écrivez votre mot de passe actuel."))
        self.say(
            "new_password1",
            _("Nouveau mot de passe"),
            _("Écrivez le nouveau mot de passe, douze caractères au moins."),
            _("Douze caractères au moins, par exemple quatre mots sans lien entre eux."),
        )
        again = _("Écrivez de nouveau le mot de passe.")
        self.say("new_password2", _("Nouveau mot de passe, encore une fois"), again)

    def clean_old_password(self) -> str:
        given = str(self.cleaned_data["old_password"])
        known = authenticate(self.request, username=self.user.get_username(), password=given)
        if known is None or known.pk != self.user.pk:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return given


def _plain(error: forms.ValidationError) -> Any:
    if hasattr(error, "error_dict"):
        return error
    return forms.ValidationError([_sentence(each) for each in error.error_list])


def _sentence(error: forms.ValidationError) -> str:
    if error.code == "password_too_short":
        least = (error.params or {}).get("min_length", 12)
        words = ngettext("Il faut au moins %(n)s caractère.", "Il faut au moins %(n)s caractères.", least)
        return words % {"n": least}
    return str(WEAK.get(error.code or "") or error.messages[0])


@sensitive_post_parameters()
def change(request: HttpRequest, *, layout: str, back: str, save: Callable[[Any, str], object]) -> HttpResponse:
    """Show the page (GET), or take the new password (POST) by `save(account, password)`.

    `layout` is the template it stands in, `back` the address to go to when it is done. The other sessions of the person
    end: theirs is signed by the password.
    """
    form = OwnPassword(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        save(request.user, form.cleaned_data["new_password1"])
        request.user.refresh_from_db()  # type: ignore[union-attr]
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        notes.success(request, gettext("Votre mot de passe est changé. Servez-vous du nouveau la prochaine fois."))
        return redirect(back)
    context = {"form": form, "layout": layout, "back": back}
    return render(request, "design/password.html", context, status=422 if form.errors else 200)
