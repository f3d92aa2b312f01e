"""Why somebody was not let in, as a line of the audit log says it: the codes that the doors write down, in words.

What a library said of a key is in its own language, and of no use to who reads the log: it is told apart, and no more.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS = ("identity.refused", "agent.key_refused", "space.key_refused")
_OTHER_ATTEMPT = _("réponse d’un autre essai")
_OTHER_APPLICATION = _("réponse destinée à une autre application")
_UNREADABLE = _("réponse illisible")
_EXPIRED = _("réponse périmée")
_UNDATED = _("date impossible")
REASONS: Mapping[str, str | Promise] = {
    # What came back from a platform.
    "nothing was asked": _("rien n’avait été demandé"),
    "state": _OTHER_ATTEMPT,
    "nonce": _OTHER_ATTEMPT,
    "access token": _OTHER_ATTEMPT,
    "too late": _EXPIRED,
    "expired": _EXPIRED,
    "exp": _UNDATED,
    "iat": _UNDATED,
    "date": _UNDATED,
    "issuer": _("réponse d’un autre émetteur"),
    "audience": _OTHER_APPLICATION,
    "authorised party": _OTHER_APPLICATION,
    "code": _("code refusé par la plateforme"),
    "no code": _("réponse sans code"),
    "no token": _("réponse incomplète"),
    "subject": _("réponse qui ne nomme personne"),
    "another person": _("réponse sur une autre personne"),
    "level": _("niveau d’identité trop faible"),
    "signature": _("signature fausse"),
    "another algorithm": _("signature d’une autre sorte que celle attendue"),
    "unknown key": _("signature d’une clé inconnue"),
    "not a signed answer": _("réponse sans signature"),
    "unsigned identity": _("réponse sans signature"),
    "not encrypted": _("réponse non chiffrée"),
    "encryption": _UNREADABLE,
    # Whom it named.
    "claims": _("courriel ou employeur manquant"),
    "employer": _("employeur d’une autre collectivité"),
    "unknown": _("aucun compte"),
    "closed": _("compte fermé"),
    "other": _("compte déjà lié à une autre identité"),
    "groups": _("trop de groupes : l’annuaire n’a pas pu les dire"),
    "nothing": _("aucun groupe qui donne un droit"),
    "elsewhere": _("identité qui ouvre déjà un autre espace"),
    "someone": _("espace d’une autre personne"),
    "token": _("jeton de l’annuaire faux"),
    # What a key answered.
    "longer than any key answers": _UNREADABLE,
    "answered already": _("réponse déjà donnée"),
    "no key of this account": _("clé d’un autre compte"),
    "a key of nobody": _("clé inconnue"),
    "the key of somebody else": _("clé d’une autre personne"),
    "a space that opens nothing here": _("espace fermé, ou d’une autre collectivité"),
}


def reason(detail: Mapping[str, Any]) -> str:
    return str(REASONS.get(str(detail.get("why", "")), _("réponse qui ne prouve rien")))
