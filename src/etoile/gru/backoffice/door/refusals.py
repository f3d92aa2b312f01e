"""What an agent reads when ProConnect or the directory did not let them in: what happened, then what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Refusal:
    """`again`: trying again may help."""

    status: int
    what: str
    next: str
    again: bool = False


def said(why: str, email: str = "", *, directory: bool = False) -> Refusal:
    """`why`: a reason of `Unmatched`, else `declined`, `unreachable`, `forged`. `directory`: by that of the authority,
    else by ProConnect."""
    told = {"email": email}
    manager = _("Demandez à la personne qui gère les comptes de votre collectivité.")
    if directory and (refusal := _of_directory(why, told, manager)) is not None:
        return refusal
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


def _of_directory(why: str, told: dict[str, str], manager: str) -> Refusal | None:
    """What is said in other words, or never happens, with ProConnect."""
    if why == "declined":
        return Refusal(
            200,
            _("Vous avez quitté la connexion de la collectivité avant la fin."),
            _("Rien n’est ouvert."),
            again=True,
        )
    if why == "unreachable":
        return Refusal(
            503,
            _("L’annuaire de la collectivité ne répond pas en ce moment."),
            _("Recommencez dans quelques minutes. Si cela dure, prévenez votre service informatique."),
            again=True,
        )
    if why in ("unknown", "nothing"):
        return Refusal(
            403,
            _("Aucun droit n’est donné ici à %(email)s.") % told,
            _("Votre compte de la collectivité n’est dans aucun des groupes qui ouvrent cet espace. %(manager)s")
            % {"manager": manager},
        )
    if why == "other":
        return Refusal(
            403,
            _("Le compte de %(email)s est déjà lié à une autre personne de l’annuaire.") % told,
            _("C’est normal si votre compte d’annuaire a été refait : le lien doit alors être oublié. %(manager)s")
            % {"manager": manager},
        )
    if why == "claims":
        return Refusal(
            403,
            _("L’annuaire n’a pas donné votre courriel professionnel, ou ne l’a pas vérifié."),
            _("Prévenez votre service informatique."),
        )
    if why == "groups":
        return Refusal(
            403,
            _("Vous êtes dans trop de groupes : l’annuaire n’a pas pu les dire."),
            _("Prévenez votre service informatique : il peut ne transmettre que les groupes utiles ici."),
        )
    return None
