"""What is mailed about data: never what was asked nor answered, which waits on the page of the request."""

from django.utils.translation import gettext as _

from etoile.gru.notices.said import Builder, Context, Said, day, identity


def _received(context: Context) -> Said:
    return Said(
        subject=_("Votre demande sur vos données est enregistrée (%(reference)s)") % context,
        heading=_("Votre demande sur vos données est enregistrée"),
        paragraphs=(
            _("La loi nous donne un mois pour vous répondre : au plus tard le %(due)s.")
            % {"due": day(context, "deadline")},
        ),
        facts=identity(context),
        link=_("Voir ma demande"),
    )


def _extended(context: Context) -> Said:
    return Said(
        subject=_("Il faut plus de temps pour vous répondre sur vos données (%(reference)s)") % context,
        heading=_("Il nous faut plus de temps"),
        paragraphs=(
            _("Nous vous répondrons au plus tard le %(due)s. La raison vous attend sur la page de suivi.")
            % {"due": day(context, "deadline")},
        ),
        facts=identity(context),
        link=_("Lire la raison"),
    )


def _answered(context: Context) -> Said:
    return Said(
        subject=_("Une réponse sur vos données vous attend (%(reference)s)") % context,
        heading=_("Une réponse sur vos données vous attend"),
        paragraphs=(_("Ouvrez la page de suivi, puis « Mes données »."),),
        facts=identity(context),
        link=_("Lire la réponse"),
    )


def _frozen(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s est gelée") % context,
        heading=_("Votre demande est gelée"),
        paragraphs=(
            _("Personne ne la lit ni ne la traite pendant que nous vérifions. Rien n’en est supprimé."),
            _("Nous vous préviendrons avant que son traitement reprenne."),
        ),
        facts=identity(context),
        link=_("Voir ma demande"),
    )


def _thawed(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s n’est plus gelée") % context,
        heading=_("Votre demande n’est plus gelée"),
        paragraphs=(_("Le service peut de nouveau la lire et la traiter."),),
        facts=identity(context),
        link=_("Voir ma demande"),
    )


BUILDERS: dict[str, Builder] = {
    "rights_received": _received,
    "rights_extended": _extended,
    "rights_answered": _answered,
    "data_frozen": _frozen,
    "data_thawed": _thawed,
}
