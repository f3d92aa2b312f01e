"""Rules and lists in the words of the screens."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.archive.models import Slip
from etoile.gru.archive.rules import ARCHIVE, DESTROY, SAMPLE, Rule
from etoile.gru.forms import periods

FATES = {
    DESTROY: gettext_lazy("puis éliminées, avec le visa des archives"),
    ARCHIVE: gettext_lazy("puis versées aux archives"),
    SAMPLE: gettext_lazy("puis triées : une partie est versée"),
}
SLIP_TONES = {
    Slip.State.PROPOSED: "warning",
    Slip.State.AGREED: "progress",
    Slip.State.REFUSED: "neutral",
    Slip.State.DONE: "success",
}


def kept_for(rule: Rule) -> str:
    """« 2 ans, puis 3 ans aux archives »."""
    return kept_words(rule.active, rule.intermediate)


def kept_words(active: str, intermediate: str) -> str:
    first = periods.words(active)
    if not intermediate or not any(sign in "123456789" for sign in intermediate):
        return first
    return _("%(first)s, puis %(then)s aux archives") % {"first": first, "then": periods.words(intermediate)}
