"""One door to all that a town runs by itself; each card is there for whoever may open its page."""

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from etoile.gru.access.rights import Right
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.templatetags.backoffice import desk_of


@dataclass(frozen=True, slots=True)
class Door:
    route: str
    words: str | Promise
    text: str | Promise
    icon: str
    right: Right
    # What asks for attention there now.
    foot: str = ""


STATEMENTS = "backoffice:accessibility-admin"
GROUPS: tuple[tuple[str, str | Promise, tuple[Door, ...]], ...] = (
    (
        "equipes",
        _("Les personnes"),
        (
            Door("administration:agents", _("Agents"), _("Inviter, donner des rôles, fermer un accès."), "people",
                 "accounts.manage"),
            Door("administration:teams", _("Services et secteurs"),
                 _("Coordonnées imprimées sur les accusés, cloisons entre les dossiers."), "hall", "accounts.manage"),
            Door("administration:signatories", _("Signataires"), _("Qui signe, de quand à quand."), "edit",
                 "accounts.manage"),
            Door("administration:roles", _("Rôles et droits"), _("Ce que chaque rôle permet, en un tableau."), "lock",
                 "accounts.manage"),
        ),
    ),
    (
        "portail",
        _("Le portail"),
        (
            Door("backoffice:alert", _("Alerte du portail"), _("Prévenir tout le monde en une minute."), "bell",
                 "alert.edit"),
            Door("backoffice:texts", _("Textes des pages"), _("Aide, mentions légales, données personnelles."), "edit",
                 "texts.edit"),
            Door("administration:appearance", _("Apparence"), _("Deux couleurs et un logo."), "star",
                 "authority.edit"),
            Door("administration:messages", _("Messages"), _("Vos mots dans les courriels envoyés."), "mail",
                 "texts.edit"),
            Door(STATEMENTS, _("Accessibilité"), _("Les déclarations que la loi demande."), "eye",
                 "statements.publish"),
        ),
    ),
    (
        "travail",
        _("Le travail de chaque jour"),
        (
            Door("backoffice:labels", _("Étiquettes"), _("La liste commune, pour classer les demandes."), "tag",
                 "labels.edit"),
            Door("administration:closed-days", _("Jours fermés"), _("Les jours qui ne comptent pas dans les délais."),
                 "calendar", "authority.edit"),
        ),
    ),
    (
        "controle",
        _("Le contrôle"),
        (
            Door("administration:journal", _("Journal d’audit"), _("Qui a fait ou lu quoi, et quand."), "list",
                 "audit.read"),
            Door("administration:contracts", _("Contrats de service"),
                 _("Ce que chaque application peut savoir des personnes."), "lock", "contracts.manage"),
        ),
    ),
)  # fmt: skip


def _told(door: Door, words: str) -> Door:
    return replace(door, foot=words) if door.route == STATEMENTS else door


@agent_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    rights = desk_of(request).rights
    groups = [(slug, words, [each for each in doors if each.right in rights]) for slug, words, doors in GROUPS]
    groups = [group for group in groups if group[2]]
    if not groups:
        raise PermissionDenied
    if expiring := desk_of(request).expiring:
        told = ngettext("%(n)s audit à refaire", "%(n)s audits à refaire", expiring) % {"n": expiring}
        groups = [(slug, words, [_told(door, told) for door in doors]) for slug, words, doors in groups]
    return render(request, "administration/home.html", {"groups": groups})
