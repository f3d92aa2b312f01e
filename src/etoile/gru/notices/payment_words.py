"""What a person is told of a payment: asked, received, cancelled or given back; and of a price that changes."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from etoile.gru.notices.said import Builder, Context, Said, day, identity, needed, of_request


def _due(context: Context) -> Said:
    return of_request(
        context,
        _("Un paiement est attendu"),
        _("Votre demande avancera dès qu’il sera reçu."),
        *_until(context),
        _(
            "Le montant et la façon de payer vous attendent sur votre page de suivi. Personne ne vous demandera "
            "votre carte par courriel."
        ),
        link=_("Voir ce qu’il faut payer"),
    )


def _until(context: Context) -> tuple[str, ...]:
    return (_("Payez avant le %(day)s.") % {"day": day(context, "deadline")},) if context.get("deadline") else ()


def _received(context: Context) -> Said:
    """The receipt of a payment (L112-11, R112-11-1): its day, the service with its address, e-mail and phone."""
    needed(context, "amount")
    return of_request(
        context,
        _("Votre paiement est enregistré"),
        _("Conservez ce message : il vaut accusé de réception de votre paiement."),
        facts=(
            *identity(context),
            (_("Payé le"), day(context, "paid_on")),
            (_("Montant"), _euros(context, "amount")),
            (_("Service chargé de votre demande"), needed(context, "service")),
            (_("Adresse"), needed(context, "service_address")),
            (_("Courriel"), needed(context, "service_email")),
            (_("Téléphone"), needed(context, "service_phone")),
        ),
        link=_("Suivre ma demande"),
    )


def _changed(context: Context) -> Said:
    became = {
        "cancelled": (_("Le paiement demandé est annulé"), _("Vous n’avez pas à le payer.")),
        "refunded": (_("Votre paiement est remboursé"), _("La somme vous est rendue.")),
    }
    usual = (_("Votre paiement a changé"), _("Il est annulé ou remboursé."))
    heading, told = became.get(context.get("fee", ""), usual)
    return of_request(
        context,
        heading,
        told,
        _("Le détail vous attend sur votre page de suivi."),
        facts=(*identity(context), *_back(context)),
        link=_("Voir où en est ma demande"),
    )


# By what becomes of the difference.
_EFFECTS = {
    "due": lambda: _("Vous payez ce nouveau montant. La façon de payer vous attend sur votre page de suivi."),
    "cancelled": lambda: _("Vous n’avez plus rien à payer."),
    "difference": lambda: _("Le service décidera quoi faire de la différence, et vous le dira."),
    "even": lambda: _("Il n’y a plus de différence : vous ne payez rien de plus, et rien ne vous est dû."),
    "given_back": lambda: _("La différence vous est rendue. Le détail vous attend sur votre page de suivi."),
    "left": lambda: _("Le service ne change rien à ce que vous payez. Il dit pourquoi sur votre page de suivi."),
}


def _repriced(context: Context) -> Said:
    """Both prices: whoever pays another sum must know which one it was."""
    return of_request(
        context,
        _("Le prix a changé"),
        _("Il dépend des réponses de la demande, et certaines ont changé."),
        _EFFECTS[needed(context, "effect")](),
        facts=(
            *identity(context),
            (_("Avant"), _euros(context, "before")),
            (_("Maintenant"), _euros(context, "after")),
            *([(_("À payer"), _euros(context, "due"))] if context.get("due") else []),
            *_back(context),
        ),
        link=_("Voir où en est ma demande"),
    )


def _back(context: Context) -> tuple[tuple[str, str], ...]:
    """What is given back, which may be less than what was paid or than both prices say."""
    return ((_("Rendu"), _euros(context, "refunded")),) if context.get("refunded") else ()


def _euros(context: Context, name: str) -> str:
    return f"{number_format(Decimal(int(context[name])) / 100, decimal_pos=2)}\u00a0€"


BUILDERS: dict[str, Builder] = {
    "payment_due": _due,
    "payment_received": _received,
    "payment_changed": _changed,
    "price_changed": _repriced,
}
