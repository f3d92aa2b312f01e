"""The attributes of a person that a contract may name, as screens call them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.people.models import Level
from etoile.gru.people.words import LABELS

# Those that the contract of the star knows, in the order they are shown.
ATTRIBUTES: Mapping[str, str | Promise] = {
    key: LABELS[key]
    for key in (
        "civility", "family_name", "usage_name", "given_names", "birth_date", "email", "phone", "address",
        "organisation", "siret",
    )
}  # fmt: skip

# As pages group them.
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Identité"), ("civility", "family_name", "usage_name", "given_names", "birth_date")),
    (_("Coordonnées"), ("email", "phone", "address")),
    (_("Organisme"), ("organisation", "siret")),
)

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
