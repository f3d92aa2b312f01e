"""The e-mail that lets an agent choose a password: what it says, the address it holds."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.gru.access import agents
from etoile.gru.access.models import Account, Authority
from etoile.gru.audit.services import note
from etoile.gru.notices import links, wording
from etoile.gru.notices.said import Context, Said
from etoile.gru.notices.services import Recipient, send_later

TEMPLATE = "agent_invited"
DAYS = int(settings.PASSWORD_RESET_TIMEOUT // 86_400)


def register() -> None:
    wording.register(TEMPLATE, _words)
    links.register_own(TEMPLATE, address)


def send(authority: Authority, account: Account, *, by: Account) -> None:
    """Queue the e-mail in the current transaction. The link is made when it leaves: it is in no table."""
    context = {"account": account.pk, "authority": authority.name, "by": str(by)}
    send_later(authority, Recipient(str(account), account.email), TEMPLATE, context)
    note("agent.invited", authority=authority.pk, by=by, subject=account.email)


def address(context: Mapping[str, Any]) -> str:
    """Where the invited person chooses a password. It opens their account: for their own eyes only."""
    account = Account.objects.get(pk=context["account"])
    return reverse("administration:invitation", args=agents.link_parts(account))


def _words(context: Context) -> Said:
    return Said(
        subject=_("Votre accès à l’espace des agents"),
        paragraphs=(
            _("%(by)s vous ouvre l’espace des agents de %(authority)s.") % context,
            _("Choisissez votre mot de passe. Ce lien sert une fois, pendant %(days)s jours.") % {"days": DAYS},
            _("Si vous n’attendiez pas ce courriel, ne faites rien et prévenez votre service informatique."),
        ),
        link=_("Choisir mon mot de passe"),
    )
