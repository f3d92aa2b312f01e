"""Finding procedures, always inside one authority."""

from django.db.models import QuerySet

from etoile.gru.access.models import Authority
from etoile.gru.forms.models import Procedure


def open_procedures(authority: Authority) -> QuerySet[Procedure]:
    """Those a person may start, with what a list of them shows, in one statement."""
    return Procedure.objects.open().filter(authority=authority).select_related("current", "team").order_by("slug")


def known_procedure(authority: Authority, slug: str) -> Procedure | None:
    """Published or closed (its page then says why), with version, team and sector. One statement."""
    return (
        Procedure.objects.filter(authority=authority, slug=slug, current__isnull=False)
        .exclude(state="archived")
        .select_related("current", "team__sector", "replacement__current")
        .first()
    )
