"""The directory of the authority wanted to close many accounts at once: whoever administers is told, and decides."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Role
from etoile.gru.notices import links, wording
from etoile.gru.notices.said import Context, Said
from etoile.gru.notices.services import Recipient, send_later

TEMPLATE = "directory_held"


def register() -> None:
    wording.register(TEMPLATE, _words)
    links.register_own(TEMPLATE, _address)


@transaction.atomic
def alarm(authority: Authority) -> None:
    """An e-mail to each person who administers."""
    held = {"memberships__role": Role.ADMINISTRATOR, "memberships__team": None}
    for account in Account.objects.filter(authority=authority, is_active=True, **held):
        send_later(authority, Recipient(str(account), account.email), TEMPLATE, {"authority": authority.name})


def _address(context: Mapping[str, Any]) -> str:
    return reverse("administration:agents")


def _words(context: Context) -> Said:
    return Said(
        subject=_("L’annuaire veut fermer beaucoup d’accès"),
        paragraphs=(
            _("En une heure, l’annuaire a fermé plus d’accès à l’espace des agents de %(authority)s que d’ordinaire.")
            % context,
            _("Par prudence, il n’en ferme plus aucun. Regardez avec votre service informatique, puis décidez."),
        ),
        link=_("Voir les agents"),
        page_of_all=True,
    )
