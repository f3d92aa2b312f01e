"""The state of what proves the hub: the seals of its journal, the accounts of each day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.hub.journal import seals
from etoile.hub.reconciliation import services as reconciliation

# The promise is a minute.
SEALED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof in words: its tone, what it says, and when."""

    tone: str
    words: str
    at: datetime | None = None


def seal_state(cursor: Any) -> Proof:
    last = seals.last(cursor)
    waiting, oldest = seals.waiting(cursor)
    if oldest is not None and timezone.now() - oldest > SEALED_WITHIN:
        said = {"n": waiting, "time": timesince(oldest)}
        words = _("En retard : %(n)s lignes attendent leur sceau, la plus ancienne depuis %(time)s.") % said
        return Proof("warning", words, last.at if last else None)
    if last is None:
        return Proof("neutral", _("Aucun sceau encore : rien n’est écrit depuis plus d’une minute."))
    return Proof("success", _("Scellé : chaque ligne l’est en moins d’une minute."), last.at)


def report_state() -> Proof:
    report = reconciliation.latest()
    if report is None:
        return Proof("neutral", _("Pas encore fait : les comptes d’un jour se font la nuit qui suit."))
    if report.differences:
        words = ngettext("%(n)s écart trouvé", "%(n)s écarts trouvés", report.differences)
        return Proof("warning", words % {"n": report.differences}, report.made_at)
    return Proof("success", _("Tout ce qui a été accepté se retrouve, sans écart."), report.made_at)
