"""Changes of answers, read."""

from etoile.gru.cases.models import Case
from etoile.gru.corrections.models import Revision


def made(case: Case) -> list[Revision]:
    """Those that were made since the request was sent, the newest first, each with the version that asked what it
    changed. One statement."""
    found = Revision.objects.select_related("version__procedure").filter(case=case, sent_at__isnull=False)
    return list(found.order_by("-sent_at"))
