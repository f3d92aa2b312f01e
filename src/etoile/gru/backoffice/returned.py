"""What the page of a case shows of e-mails that came back, and the form that corrects the address."""

from typing import Any

from django import forms as django_forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.backoffice.forms import Version
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.notices.bounces import services as bounces
from etoile.gru.notices.models import Bounce, State
from etoile.gru.notices.tags import NAMES

# Beginning of an enhanced status (RFC 3463) -> why, the longest first.
_WHY: tuple[tuple[str, str | Promise], ...] = (
    (bounces.NOBODY, _("le mandat de qui a fait la demande est terminé ; demandez l’adresse de la personne")),
    ("5.1.2", _("ce nom de domaine n’existe pas")),
    ("5.1", _("cette adresse n’existe pas")),
    ("5.2.2", _("la boîte est pleine")),
    ("4.2.2", _("la boîte est pleine")),
    ("5.2", _("la boîte n’est plus ouverte")),
    ("5.7", _("le serveur de la personne refuse nos messages")),
    ("4", _("le serveur de la personne n’a pas répondu")),
)
_OTHERWISE = _("l’adresse a refusé le message")


class CorrectEmail(Version):
    prefix = "courriel"

    email = django_forms.EmailField(
        label=_("Nouvelle adresse électronique"),
        max_length=254,
        help_text=_("Demandez-la à la personne. Exemple : camille.martin@exemple.fr"),
        widget=django_forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Écrivez la nouvelle adresse, par exemple camille.martin@exemple.fr."),
            "invalid": _("Cette adresse n’est pas valable. Exemple : camille.martin@exemple.fr"),
        },
    )


class ToldOtherwise(Version):
    prefix = "autrement"

    by_letter = django_forms.BooleanField(required=False)


def panel(view: AgentCase, refused: django_forms.Form | None) -> dict[str, Any]:
    """Nothing, and no statement, while every e-mail arrived."""
    if all(notice.state != State.BOUNCED for notice in view.notices):
        return {}
    waiting = [(_name(each), why(each.status), each.at) for each in bounces.open_of(view.case.pk)]
    form = refused if isinstance(refused, CorrectEmail) else CorrectEmail(initial={"version": view.version})
    return {"returned": waiting, "correct_form": form, "may_correct": "cases.treat" in view.rights}


def why(status: str) -> str:
    return str(next((words for beginning, words in _WHY if status.startswith(beginning)), _OTHERWISE))


def _name(bounce: Bounce) -> str:
    return str(NAMES.get(bounce.notice.template, _("Une nouvelle de la demande")))
