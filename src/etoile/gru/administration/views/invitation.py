"""Where an invited agent chooses a password. The secret of the address is the credential."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from etoile.design.passwords import InOurWords
from etoile.gru.access import agents


class NewPassword(InOurWords):
    error_messages = {
        "password_mismatch": gettext_lazy("Les deux mots de passe diffèrent. Écrivez deux fois le même."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.say(
            "new_password1",
            _("Mot de passe"),
            _("Écrivez un mot de passe, douze caractères au moins."),
            _("Douze caractères au moins, par exemple quatre mots sans lien entre eux."),
        )
        self.say("new_password2", _("Mot de passe, encore une fois"), _("Écrivez de nouveau le mot de passe."))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    account, authority = agents.invited(uid, token), getattr(request, "authority", None)
    if account is None or (authority is not None and account.authority != authority):
        return render(request, "administration/invitation.html", {"form": None}, status=404)
    form = NewPassword(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        agents.accept(account, form.cleaned_data["new_password1"])
        notes.success(request, _("Votre mot de passe est choisi. Connectez-vous avec votre courriel."))
        return redirect("backoffice:sign-in")
    shown = {"form": form, "account": account}
    response = render(request, "administration/invitation.html", shown, status=422 if form.errors else 200)
    # The address is a secret: no page opened from here may learn it.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
