"""What becomes of a person's account when two records of the base are merged (`gru.matching`).

Whoever holds the account of one would read in it what is known of the other: the agent's word is not enough for that.
"""

import uuid

from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.matching import holders
from etoile.gru.people.models import Attribute, Level

PROVEN = ("family_name", "given_names")


def declare() -> None:
    holders.register(holders.Rows(PersonAccount))
    holders.register_obstacle(refusal)


def refusal(master: uuid.UUID, merged: uuid.UUID) -> str:
    having = set(PersonAccount.objects.filter(person__in=[master, merged]).values_list("person", flat=True))
    if len(having) == 2:
        return _("Ces deux personnes ont chacune un espace personnel : on ne les fusionne pas d’ici.")
    if not having or _is_proven(having.pop()):
        return ""
    return _(
        "L’une de ces personnes a un espace personnel, où elle lirait ce que l’on sait de l’autre. Vérifiez d’abord son"
        " nom et ses prénoms sur une pièce officielle, ou qu’elle se connecte avec FranceConnect."
    )


def _is_proven(person: uuid.UUID) -> bool:
    sure = Attribute.objects.filter(person=person, key__in=PROVEN, level__gte=Level.OFFICIAL_PROOF_SEEN)
    return sure.count() == len(PROVEN)
