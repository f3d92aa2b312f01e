"""The e-mails about an account: the code, and what its owner must know was done."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.accounts.proofs import TEMPLATE, code_of
from etoile.gru.notices import links, wording
from etoile.gru.notices.said import Context, Said, moment
from etoile.gru.notices.services import Recipient, send_later


def register() -> None:
    wording.register(TEMPLATE, _code)
    wording.register("passphrase_changed", _passphrase_changed)
    wording.register("account_closed", _account_closed)
    wording.register("account_email", _account_email)
    wording.register("space_joined", _joined)
    wording.register("space_parted", _parted)
    wording.register("account_key_added", _key_added)
    wording.register("account_key_removed", _key_removed)
    wording.register("account_linked", _linked)
    links.register_own("passphrase_changed", _forgotten_address)
    links.register_own("account_key_added", _safety_address)
    links.register_own("account_key_removed", _safety_address)
    links.register_own("account_linked", _safety_address)


def tell(account: PersonAccount, template: str, **more: Any) -> None:
    """In the current transaction; nobody is told who gave no address."""
    if not account.email:
        return
    authority = account.authority
    context = {"authority": authority.name, "timezone": authority.timezone, "at": timezone.now().isoformat(), **more}
    send_later(authority, Recipient("", account.email, account.language), template, context)


def _code(context: Context) -> Said:
    code = code_of(uuid.UUID(context["proof"]))
    return Said(
        subject=_("Votre code pour votre espace"),
        heading=_("Votre code"),
        paragraphs=(
            _(
                "Recopiez ce code dans la page ouverte sur le site de %(authority)s. "
                "Il sert pendant %(minutes)s minutes."
            )
            % context,
        ),
        facts=((_("Code"), f"{code[:4]} {code[4:]}"),),
        closing=(
            _("Personne de nos services ne vous demandera ce code. Ne le donnez à personne."),
            _("Si ce n'est pas vous, vous n'avez rien à faire : sans ce code, rien ne change."),
        ),
    )


def _passphrase_changed(context: Context) -> Said:
    return Said(
        subject=_("Votre phrase secrète a changé"),
        paragraphs=(
            _("La phrase secrète de votre espace a été changée le %(at)s.") % {"at": moment(context, "at")},
            _("Sur les autres appareils, votre espace est fermé : il faut la nouvelle phrase pour l’ouvrir."),
            _("Ce n’est pas vous ? Choisissez-en une autre tout de suite, puis prévenez-nous."),
        ),
        link=_("Choisir une autre phrase secrète"),
        page_of_all=True,
    )


def _account_email(context: Context) -> Said:
    return Said(
        subject=_("L’adresse de votre espace a changé"),
        paragraphs=(
            _("Votre espace s’ouvre avec une autre adresse électronique depuis le %(at)s.")
            % {"at": moment(context, "at")},
            _("Celle-ci ne l’ouvre plus. Vos demandes en cours, elles, continuent d’y écrire."),
            _("Ce n’est pas vous ? Prévenez-nous tout de suite."),
        ),
    )


def _account_closed(context: Context) -> Said:
    return Said(
        subject=_("Votre espace est fermé"),
        paragraphs=(
            _("Votre espace sur le site de %(authority)s a été fermé le %(at)s.")
            % {"authority": context["authority"], "at": moment(context, "at")},
            _("Les demandes que vous avez envoyées continuent : leur lien de suivi les ouvre toujours."),
            _("Ce n’est pas vous ? Prévenez-nous."),
        ),
    )


def _joined(context: Context) -> Said:
    return Said(
        subject=_("Vos deux espaces n’en font plus qu’un"),
        paragraphs=(
            _("Vous l’avez confirmé : l’espace de cette adresse a été réuni à votre autre espace le %(at)s.")
            % {"at": moment(context, "at")},
            _("Cette adresse n’ouvre plus d’espace. Vos demandes sont dans l’autre, que vous ouvrez comme avant."),
            _("Ce n’est pas vous ? Prévenez-nous tout de suite : cela s’annule."),
        ),
    )


def _parted(context: Context) -> Said:
    return Said(
        subject=_("Votre espace s’ouvre de nouveau"),
        paragraphs=(
            _("Cet espace avait été réuni à un autre. C’est annulé depuis le %(at)s.") % {"at": moment(context, "at")},
            _("Il s’ouvre de nouveau avec cette adresse et sa phrase secrète, et il a retrouvé ses demandes."),
        ),
    )


def _key_added(context: Context) -> Said:
    return Said(
        subject=_("Une clé d’accès ouvre votre espace"),
        paragraphs=(
            _("Une clé d’accès a été ajoutée à votre espace le %(at)s. Elle l’ouvre sans phrase secrète.")
            % {"at": moment(context, "at")},
            _("Ce n’est pas vous ? Retirez-la tout de suite, changez de phrase secrète, puis prévenez-nous."),
        ),
        link=_("Voir mes clés d’accès"),
        page_of_all=True,
    )


def _linked(context: Context) -> Said:
    return Said(
        subject=_("FranceConnect ouvre votre espace"),
        paragraphs=(
            _("Depuis le %(at)s, votre espace s’ouvre aussi avec FranceConnect.") % {"at": moment(context, "at")},
            _("Ce n’est pas vous ? Retirez-le dans « Ma sécurité », changez de phrase secrète, puis prévenez-nous."),
        ),
        link=_("Voir ma sécurité"),
        page_of_all=True,
    )


def _key_removed(context: Context) -> Said:
    return Said(
        subject=_("Une clé d’accès n’ouvre plus votre espace"),
        paragraphs=(
            _("Une clé d’accès a été retirée de votre espace le %(at)s. Elle ne l’ouvre plus.")
            % {"at": moment(context, "at")},
            _("Vos autres appareils ont été déconnectés."),
            _("Ce n’est pas vous ? Changez de phrase secrète, puis prévenez-nous."),
        ),
        link=_("Voir ma sécurité"),
        page_of_all=True,
    )


def _forgotten_address(context: Mapping[str, Any]) -> str:
    return "/mon-espace/oubli/"


def _safety_address(context: Mapping[str, Any]) -> str:
    return "/mon-espace/securite/"
