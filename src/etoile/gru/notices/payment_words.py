"""What a person is told of a payment: asked, received, cancelled or given back."""

from django.utils.translation import gettext as _

from etoile.gru.notices.said import Builder, Context, Said, day, identity, needed


def _due(context: Context) -> Said:
    return Said(
        subject=_("Un paiement est attendu : demande %(reference)s") % context,
        heading=_("Un paiement est attendu"),
        paragraphs=(
            _("Votre demande avancera dès qu’il sera reçu."),
            _(
                "Le montant et la façon de payer vous attendent sur votre page de suivi. Personne ne vous demandera "
                "votre carte par courriel."
            ),
        ),
        facts=identity(context),
        link=_("Voir ce qu’il faut payer"),
    )


def _received(context: Context) -> Said:
    """The receipt of a payment (L112-11, R112-11-1): its day, the service with its address, e-mail and phone."""
    euros, cents = divmod(int(needed(context, "amount")), 100)
    return Said(
        subject=_("Votre paiement est enregistré : demande %(reference)s") % context,
        heading=_("Votre paiement est enregistré"),
        paragraphs=(_("Conservez ce message : il vaut accusé de réception de votre paiement."),),
        facts=(
            *identity(context),
            (_("Payé le"), day(context, "paid_on")),
            (_("Montant"), f"{euros},{cents:02d}\u00a0€"),
            (_("Service chargé de votre demande"), needed(context, "service")),
            (_("Adresse"), needed(context, "service_address")),
            (_("Courriel"), needed(context, "service_email")),
            (_("Téléphone"), needed(context, "service_phone")),
        ),
        link=_("Suivre ma demande"),
    )


def _changed(context: Context) -> Said:
    return Said(
        subject=_("Du nouveau sur votre paiement : demande %(reference)s") % context,
        heading=_("Votre paiement a changé"),
        paragraphs=(_("Il est annulé ou remboursé. Le détail vous attend sur votre page de suivi."),),
        facts=identity(context),
        link=_("Voir où en est ma demande"),
    )


BUILDERS: dict[str, Builder] = {
    "payment_due": _due,
    "payment_received": _received,
    "payment_changed": _changed,
}
