"""Changes of answers, read."""

from etoile.gru.cases.models import Case
from etoile.gru.corrections.models import Revision


def made(case: Case) -> list[Revision]:
    """Those that were made since the request was sent, the newest first. One statement."""
    return list(Revision.objects.filter(case=case, sent_at__isnull=False).order_by("-sent_at"))
