"""An agent attests what they saw proof of: what a person said becomes surer, until a day if the proof has one."""

import json
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.queries import sectors_of
from etoile.gru.audit import persons as audit
from etoile.gru.people.models import Attribute, Level, Person, Presence
from etoile.gru.people.services import LowerLevel, record_attribute

# What a paper proves. An e-mail or a telephone is proved by a code sent there, an identity at 600 by FranceConnect.
CERTIFIABLE = (
    "civility", "family_name", "usage_name", "given_names", "birth_date", "birth_place", "birth_country", "address",
    "organisation", "siret", "siren", "rna", "legal_form",
)  # fmt: skip
# What may be written as the paper has it, rather than as it was said.
REWRITABLE = frozenset({"family_name", "usage_name", "given_names", "organisation"})
PROOFS = (Level.OFFICIAL_PROOF_SEEN, Level.OFFICIAL_PROOF, Level.UNOFFICIAL_PROOF_SEEN, Level.UNOFFICIAL_PROOF)
SOURCE = "proof"


class CertifyRefused(Exception):
    """Nothing was written; the message says in French why."""


def may_certify(account: Account, person: Person) -> bool:
    """Whether the agent holds the right in a sector that the person is present in. One statement."""
    return Presence.objects.filter(person=person, sector__in=sectors_of(account, "people.certify")).exists()


def certify(
    person: Person, key: str, account: Account, *, level: Level, seen: Any, value: str = "", until: date | None = None
) -> None:
    """The value that the agent saw on the page (`seen`) is what the paper says, or `value` is, for a name. `until`: the
    last day on which the paper is worth something, in the authority.

    Raises `CertifyRefused`, when it changed meanwhile, is known with more certainty, or the paper is out of date.
    """
    if key not in CERTIFIABLE or level not in PROOFS:
        raise CertifyRefused(_("Ceci ne s’atteste pas avec un justificatif."))
    authority = person.authority
    if until is not None and until < authority.today():
        raise CertifyRefused(_("Ce justificatif n’est plus valable. Demandez-en un autre."))
    with transaction.atomic():
        # The person before the value, as a merge does: of the two, one waits for the other.
        in_use = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, merged_into=None).first()
        held = Attribute.objects.select_for_update().filter(person=person, key=key).first()
        if in_use is None or held is None or json.dumps(held.value, sort_keys=True) != json.dumps(seen, sort_keys=True):
            raise CertifyRefused(_("Cette information a changé entre-temps. Relisez-la, puis recommencez."))
        expires = datetime.combine(until, time.max, authority.zone) if until is not None else None
        kept = value.strip() if key in REWRITABLE and value.strip() else held.value
        try:
            record_attribute(person, key, kept, level=level, source=SOURCE, expires_at=expires)
        except LowerLevel as refusal:
            raise CertifyRefused(str(refusal)) from refusal
        detail = {"before": {key: int(held.level)}, "after": {key: int(level)}}
        audit.note(audit.CERTIFIED, authority=authority.pk, by=account, person_id=person.pk, detail=detail)
