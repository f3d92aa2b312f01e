"""Sending the secret link of a request again, to the address it was made with and to no other; to that of its principal
once the mandate it was made by is over."""

from django.db import transaction

from etoile.gru.access import refusals
from etoile.gru.access.models import Authority
from etoile.gru.cases import references, telling
from etoile.gru.cases.models import Case
from etoile.gru.notices import readers
from etoile.gru.portal.throttle import Limit, allowed

PER_EMAIL = Limit(count=3, seconds=3600)
PER_ADDRESS = Limit(count=30, seconds=600)


def send_link_again(authority: Authority, *, reference: str, email: str, asked_from: str) -> None:
    """Send the link when reference and e-mail match. Says nothing: the page answers the same words always.

    The limits count what is asked, found or not, so that they tell nothing either; a town hall's kiosk shares one
    address, hence its larger limit.
    """
    if not allowed("link-address", asked_from, PER_ADDRESS) or not allowed("link-email", email.lower(), PER_EMAIL):
        return
    case = (
        Case.objects.select_related("authority", "procedure_version__procedure", "team")
        .filter(authority=authority, reference=references.normalise(reference))
        .first()
    )
    if case is None or _address(case) != email.lower():
        refusals.of_key(authority, "suivi/")
        return
    with transaction.atomic():
        telling.tell(case, "tracking_link")


def _address(case: Case) -> str:
    reader = readers.of_case(case.pk)
    return (reader.email if reader is not None else case.contact_email).lower()
