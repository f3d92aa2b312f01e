"""What was told, read again: the receipt of a request as it was sent."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from etoile.gru.notices.models import Notice
from etoile.gru.notices.wording import MissingMention, Said, say


@dataclass(frozen=True, slots=True)
class Receipt:
    """The words that were sent, and the language they were sent in (a BCP 47 tag)."""

    said: Said
    language: str
    at: datetime


def receipt_of(case_id: uuid.UUID) -> Receipt | None:
    """The receipt of registration of this case; None when there is none that could have been sent. One statement."""
    written = Notice.objects.filter(case_id=case_id, template="registration_receipt").order_by("created_at").first()
    if written is None:
        return None
    try:
        with translation.override(written.language):
            return Receipt(say(written.template, written.context), written.language, written.created_at)
    except MissingMention:
        return None
