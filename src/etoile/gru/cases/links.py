"""Addresses of a case, absolute: they are printed in e-mails and in events."""

import uuid

from etoile.gru.cases.models import Case
from etoile.gru.notices.links import site


def tracking_address(case_id: uuid.UUID) -> str:
    """The page where the person follows the case. Holds the secret key: only for the person's own eyes."""
    case = Case.objects.only("id", "tracking_sealed").get(pk=case_id)
    return f"{site()}/suivi/{case.tracking_key}/"


def agent_address(case_id: uuid.UUID) -> str:
    """The agents' page. Not a secret: it asks to sign in."""
    return f"{site()}/agents/demandes/{case_id}/"
