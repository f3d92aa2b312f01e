"""What is measured of a procedure, in a sentence: its usual delay, what people say of it. Each kept an hour."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.access.models import Authority
from etoile.gru.cases.delays import UsualDelay, usual_delay
from etoile.gru.forms.models import Procedure
from etoile.gru.ratings.models import BEST
from etoile.gru.ratings.queries import Average, average

_KEPT = 3600


def delay(procedure: Procedure, authority: Authority) -> str:
    """Measured on the last answers; empty when there are too few to say anything."""
    measured: UsualDelay | None = _once(
        f"usual-delay:{procedure.pk}", lambda: usual_delay(procedure, timezone_name=authority.timezone)
    )
    if measured is None:
        return ""
    if measured.most == 0:
        return _("Réponse le jour même, d’après les %(n)d dernières.") % {"n": measured.cases}
    usual = (
        ngettext("%(n)d jour", "%(n)d jours", measured.usual) % {"n": measured.usual}
        if measured.usual
        else _("moins d’un jour")
    )
    most = ngettext("%(n)d jour", "%(n)d jours", measured.most) % {"n": measured.most}
    return _("Une demande sur deux a sa réponse en %(usual)s, neuf sur dix en %(most)s.") % {
        "usual": usual,
        "most": most,
    }


def delay_or_why_not(procedure: Procedure, authority: Authority) -> str:
    """For whoever waits: the delay, else that too few requests were answered for one to be honest."""
    return delay(procedure, authority) or _("Trop peu de réponses cette année pour donner un délai habituel.")


def rating(procedure: Procedure) -> str:
    """What people say once answered; empty under twenty ratings."""
    found: Average | None = _once(f"rating:{procedure.pk}", lambda: average(procedure))
    if found is None:
        return ""
    words = ngettext("%(mean)s sur %(best)d (%(n)d avis)", "%(mean)s sur %(best)d (%(n)d avis)", found.ratings)
    return words % {"mean": formats.number_format(found.mean, 1), "best": BEST, "n": found.ratings}


def _once(name: str, measure: Callable[[], Any]) -> Any:
    return cache.get_or_set(f"portal:{name}", measure, _KEPT)
