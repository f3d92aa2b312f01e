"""Addresses of a case, absolute: they are printed in e-mails and in events."""

import uuid

from django.conf import settings

from etoile.gru.cases.models import Case


def tracking_address(case_id: uuid.UUID) -> str:
    """The page where the person follows the case. Holds the secret key: only for the person's own eyes."""
    case = Case.objects.only("id", "tracking_sealed").get(pk=case_id)
    return f"{settings.PUBLIC_URL}/suivi/{case.tracking_key}/"


def agent_address(case_id: uuid.UUID) -> str:
    """The agents' page. Not a secret: it asks to sign in."""
    return f"{settings.PUBLIC_URL}/agents/demandes/{case_id}/"
