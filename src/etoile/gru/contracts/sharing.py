"""The person part of what is published: no more than the contracts in force of the applications of the hub allow.

The GRU does not know who receives: the hub's subscriptions say it, and cut once more for each. So what leaves is what
these contracts allow together for the procedure, and nothing when none covers it.
"""

from collections.abc import Mapping
from typing import Any

from etoile.gru.access.models import Authority
from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.grants import Grant, Known

# The contract of the star wants a name: this one says that it was kept back, and is nobody's.
WITHHELD = {"family_name": "non communiqué", "given_names": ""}


def published(authority: Authority, procedure: str, sector: str) -> Grant:
    """What may leave of the person of a request, by slugs of its procedure and its sector. One statement."""
    held = queries.by_hub(authority.pk, authority.today())
    return grants.joined(each for each in held if grants.covers(each, procedure, sector))


def applicant(grant: Grant, known: Mapping[str, Known]) -> dict[str, Any]:
    """The attributes of an applicant, in the words of `case.submitted`; who asks is a key of the caller's."""
    return {**WITHHELD, **grant.given(known)}


def mandate(told: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """For whom a request is made: named to whoever is given the name of who asks, `told` being what they are given."""
    named = told.get("family_name") != WITHHELD["family_name"]
    return {**given, "name": given["name"] if named else WITHHELD["family_name"]}
