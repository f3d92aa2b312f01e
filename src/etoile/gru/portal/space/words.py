"""What a person reads when a platform did not open their space: what happened, then what to do."""

from django.utils.translation import gettext as _

from etoile.gru.identity.platforms import Platform

# Where trying again may help.
AGAIN = frozenset({"declined", "unreachable", "forged"})


def refusal(platform: Platform, why: str) -> tuple[int, str, str]:
    """The status, what happened, what to do. `why`: a reason of `Stranger`, else `declined`, `unreachable`,
    `forged`."""
    named = {"platform": platform.name}
    if why == "declined":
        return (
            200,
            _("Vous avez quitté %(platform)s avant la fin.") % named,
            _("Rien n’a été enregistré. Vous pouvez recommencer, ou faire votre démarche autrement."),
        )
    if why == "unreachable":
        return (
            503,
            _("%(platform)s ne répond pas en ce moment.") % named,
            _("Réessayez dans quelques minutes. Rien de ce que vous avez écrit n’est perdu."),
        )
    if why == "elsewhere":
        return (
            403,
            _("Cette identité %(platform)s ouvre déjà un autre espace.") % named,
            _("Fermez celui-ci, puis entrez par elle : vous retrouverez l’autre."),
        )
    if why == "someone":
        return (
            403,
            _("Cet espace n’est pas celui de la personne que %(platform)s vient de nommer.") % named,
            _("Rien n’a changé. Si vous partagez cet appareil, fermez d’abord l’espace qui est ouvert."),
        )
    return (
        400,
        _("Ce retour de %(platform)s n’est pas valable : il a expiré, a déjà servi, ou vient d’un autre navigateur.")
        % named,
        _("Par sécurité, rien n’est ouvert. Recommencez."),
    )
