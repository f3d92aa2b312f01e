"""What an agent reads when ProConnect did not let them in: what happened, then what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Refusal:
    """`again`: trying again may help."""

    status: int
    what: str
    next: str
    again: bool = False


def said(why: str, email: str = "") -> Refusal:
    """`why`: a reason of `Unmatched`, else `declined`, `unreachable`, `forged`."""
    told = {"email": email}
    manager = _("Demandez à la personne qui gère les comptes de votre collectivité.")
    if why == "declined":
        return Refusal(200, _("Vous avez quitté ProConnect avant la fin."), _("Rien n’est ouvert."), again=True)
    if why == "unreachable":
        return Refusal(
            503,
            _("ProConnect ne répond pas en ce moment."),
            _("Recommencez dans quelques minutes, ou connectez-vous avec votre mot de passe."),
            again=True,
        )
    if why == "employer":
        return Refusal(
            403,
            _("ProConnect indique que vous travaillez pour une autre collectivité."),
            _("Sur ProConnect, choisissez votre compte d’ici. %(manager)s") % {"manager": manager},
            again=True,
        )
    if why == "unknown":
        return Refusal(
            403,
            _("Aucun compte n’existe ici pour %(email)s.") % told,
            _("ProConnect a bien dit qui vous êtes, mais c’est ici que les comptes sont créés. %(manager)s")
            % {"manager": manager},
        )
    if why == "closed":
        return Refusal(403, _("Le compte de %(email)s est fermé.") % told, manager)
    if why == "other":
        return Refusal(
            403,
            _("Le compte de %(email)s est déjà lié à une autre identité ProConnect.") % told,
            _("C’est normal si votre service a changé d’annuaire : le lien doit alors être oublié. %(manager)s")
            % {"manager": manager},
        )
    if why == "claims":
        return Refusal(403, _("ProConnect n’a pas dit pour qui vous travaillez."), manager)
    return Refusal(
        400,
        _("Cette connexion n’est pas valable : elle a expiré, a déjà servi, ou vient d’un autre navigateur."),
        _("Par sécurité, rien n’est ouvert. Recommencez depuis la page de connexion."),
        again=True,
    )
