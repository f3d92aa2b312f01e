"""The attributes of a person that a contract may name, as screens call them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.people.models import Level

ATTRIBUTES: Mapping[str, str | Promise] = {
    "civility": _("Civilité"),
    "family_name": _("Nom"),
    "usage_name": _("Nom d’usage"),
    "given_names": _("Prénoms"),
    "birth_date": _("Date de naissance"),
    "email": _("Courriel"),
    "phone": _("Téléphone"),
    "address": _("Adresse"),
    "organisation": _("Organisme"),
    "siret": _("SIRET"),
}

# How sure a value must be before it is given: the words of the register of people, the surest last.
LEVELS: Mapping[int, str | Promise] = {
    Level.DECLARED: _("tel que déclaré"),
    Level.CHECKED_BY_CODE: _("vérifié par un code"),
    Level.UNOFFICIAL_PROOF: _("avec un justificatif"),
    Level.OFFICIAL_PROOF: _("avec un justificatif officiel"),
    Level.OFFICIAL_PROOF_SEEN: _("justificatif officiel vu au guichet"),
    Level.FRANCECONNECT: _("par FranceConnect"),
}
# An application certifies nothing as a platform of the State or an agent at the counter does.
MOST_WRITTEN = Level.OFFICIAL_PROOF
