"""Addresses of a case: they are printed in e-mails and in events."""

import uuid

from etoile.gru.cases.models import Case
from etoile.gru.notices import links


def tracking_address(case_id: uuid.UUID) -> str:
    """Where the person follows the case, from the slash on. Holds the secret key: for their eyes only."""
    case = Case.objects.only("id", "tracking_sealed").get(pk=case_id)
    return f"/suivi/{case.tracking_key}/"


def agent_address(case: Case) -> str:
    """The agents' page, absolute. Not a secret: it asks to sign in."""
    return f"{links.site(case.authority)}/agents/demandes/{case.pk}/"
