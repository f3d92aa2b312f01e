"""The attestation of an acceptance by silence, written when the person asks for it (CRPA L232-3)."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.cases import letters
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Decision
from etoile.gru.cases.moves import locked, write
from etoile.gru.cases.states import State


def attest(case_id: uuid.UUID, actor: Actor) -> Decision:
    """The decision with its attestation; written once, the same one is given again. Raises `CaseError` when silence
    did not accept."""
    with transaction.atomic():
        case = locked(case_id)
        decision = Decision.objects.filter(case=case, implicit=True, outcome=State.ACCEPTED).last()
        if decision is None or case.implicit_on is None or case.state != State.ACCEPTED:
            raise CaseError(_("Cette demande n'est pas acceptée par le silence du service : il n'y a rien à attester."))
        if not decision.attestation:
            decision.attestation = letters.attestation(case, decision, case.implicit_on)
            decision.attested_at = timezone.now()
            write(case, "attested", actor, detail={"sha256": letters.digest(decision.attestation)})
            decision.save(update_fields=["attestation", "attested_at"])
    return decision
