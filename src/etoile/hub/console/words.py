"""The console's facts in the words of its operators: kinds, moments, tries, outcomes, lines of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from etoile.contract import schemas
from etoile.hub.console.queries import Line
from etoile.hub.delivery.engine import INTERRUPTED
from etoile.hub.delivery.models import Attempt
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Entry

NUMBER_SHOWN = 24
OVER = (DeliveryState.ACKNOWLEDGED, DeliveryState.CANCELLED, DeliveryState.SENT)
# What the journal's words of code mean. What is not here is shown as it is written.
ENTRIES = {
    "message.accepted": gettext_lazy("Message accepté"),
    "message.unrouted": gettext_lazy("Message sans destinataire"),
    "message.kept": gettext_lazy("Message conservé : personne ne devait le recevoir"),
    "message.opened": gettext_lazy("Contenu ouvert par une personne"),
    "delivery.replayed": gettext_lazy("Envoi relancé"),
    "delivery.cancelled": gettext_lazy("Envoi annulé"),
    "delivery.rejected": gettext_lazy("Envoi refusé par l’application"),
    "delivery.dead": gettext_lazy("Essais épuisés"),
    "status.refused": gettext_lazy("Réponse de l’application inutilisable"),
    "circuit.opened": gettext_lazy("Abonnement coupé : l’application ne répond plus"),
    "circuit.opened.configuration": gettext_lazy("Abonnement coupé : un réglage est à corriger"),
    "circuit.closed": gettext_lazy("Abonnement rétabli : l’application répond"),
    "subscription.switched_off": gettext_lazy("Abonnement suspendu"),
    "subscription.switched_on": gettext_lazy("Abonnement rétabli"),
    "status.unknown_case": gettext_lazy("Réponse sur une demande inconnue, gardée en quarantaine"),
    "status.unreadable": gettext_lazy("Fichier rendu illisible, signalé en quarantaine"),
    "quarantine.applied": gettext_lazy("Réponse en quarantaine appliquée"),
    "quarantine.discarded": gettext_lazy("Réponse en quarantaine écartée"),
    "lookup.asked": gettext_lazy("Consultation"),
    "lookup.tried": gettext_lazy("Consultation essayée par une personne"),
    "lookup.not_allowed": gettext_lazy("Consultation refusée : l’application n’en a pas le droit"),
    "lookup.paused": gettext_lazy("Fournisseur en pause : il ne répond plus"),
    "lookup.resumed": gettext_lazy("Fournisseur interrogé de nouveau"),
    "filter.failed": gettext_lazy("Filtre d’abonnement en erreur"),
}


STATUSES = {
    "received": gettext_lazy("reçue"),
    "in_progress": gettext_lazy("en cours de traitement"),
    "more_information_needed": gettext_lazy("complément demandé"),
    "payment_due": gettext_lazy("à payer"),
    "transferred": gettext_lazy("transférée"),
    "accepted": gettext_lazy("acceptée"),
    "refused": gettext_lazy("refusée"),
    "closed": gettext_lazy("close"),
    "withdrawn": gettext_lazy("retirée"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the journal in words."""

    words: str
    entry: Entry
    reason: str = ""


def journal(entries: Iterable[Entry]) -> list[Written]:
    return [_written(entry) for entry in entries]


def _written(entry: Entry) -> Written:
    # The reason of a circuit is a word of code; that of a decision is what somebody wrote.
    reason = str(entry.detail.get("reason") or "")
    if not entry.kind.startswith("circuit."):
        return Written(str(ENTRIES.get(entry.kind, entry.kind)), entry, reason)
    return Written(str(ENTRIES.get(f"{entry.kind}.{reason}") or ENTRIES.get(entry.kind, entry.kind)), entry)


def moment(at: datetime | None) -> str:
    """To the second, in the hub's zone; the year only when it is another one."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    return date_format(local, "j N H:i:s" if local.year == timezone.localdate().year else "j N Y H:i:s")


def kind(message_type: str) -> str:
    """A type in words, from its schema; an unknown one by its name."""
    if message_type not in schemas.MESSAGE_TYPES:
        return short(message_type)
    told = schemas.schema(message_type)
    english = (get_language() or "").startswith("en")
    return str(told.get("x-title-en" if english else "title") or short(message_type))


def nothing(state: str) -> str:
    """What an empty list means, which depends on what was asked."""
    words = {
        "waiting": _("Rien n’attend : tout ce qui devait partir est parti."),
        "stuck": _("Rien à traiter : aucun envoi ne demande votre décision."),
        DeliveryState.DEAD.value: _("Aucun envoi n’a épuisé ses essais."),
        DeliveryState.REJECTED.value: _("Aucune application n’a refusé d’envoi."),
    }
    return words.get(state, _("Aucun envoi ne correspond."))


def clipped(number: str) -> str:
    """A list shows the beginning of a long number; the page of the delivery shows it whole."""
    return number if len(number) <= NUMBER_SHOWN else f"{number[:NUMBER_SHOWN]}…"


def tries(line: Line) -> str:
    """« 3 sur 22 » while tries are left to make; how many were made, when it is over."""
    if line.delivery.state in OVER:
        return str(line.delivery.attempts)
    return _("%(n)s sur %(total)s") % {"n": line.tries, "total": len(line.delays)}


def plan(line: Line) -> str:
    """When the next try is, and the delays after it."""
    delivery = line.delivery
    if delivery.state not in {DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED}:
        return ""
    if delivery.due is None:
        return _("Il partira après celui qui le précède dans la même demande.")
    said = {"n": line.tries + 1, "total": len(line.delays), "at": moment(delivery.due)}
    left = line.delays[line.tries + 1 :][:5]
    words = _("Essai %(n)s sur %(total)s prévu le %(at)s.") % said
    if left:
        words += " " + _("Puis, à chaque échec, après %(delays)s.") % {"delays": ", ".join(map(delay, left))}
    return words


def delay(seconds: float) -> str:
    """A delay of the schedule in the largest unit that keeps it whole."""
    for unit, one in (("h", 3600), ("min", 60)):
        if seconds >= one and seconds % one == 0:
            return f"{seconds / one:.0f}\u00a0{unit}"
    return f"{seconds:g}\u00a0s"


def short(message_type: str) -> str:
    return message_type.removeprefix("org.etoile.")


def duration(attempt: Attempt) -> str:
    if attempt.finished_at is None:
        return "–"
    milliseconds = (attempt.finished_at - attempt.started_at).total_seconds() * 1000
    return f"{milliseconds:.0f} ms"


def status(said: str) -> str:
    """What an application says of a case, or the type of the event that said it."""
    return str(STATUSES.get(said) or kind(said))


def latency(milliseconds: float | None) -> str:
    """A time in the unit the eye expects: « 84 ms », « 1,2 s », « 3 min »."""
    if milliseconds is None:
        return "–"
    for unit, one in (("j", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)):
        if milliseconds >= one:
            return f"{number_format(milliseconds / one, 0 if milliseconds >= 10 * one else 1)}\u00a0{unit}"
    return f"{milliseconds:.0f}\u00a0ms"


def outcome_tone(attempt: Attempt) -> str:
    """Success, a failure that passes, a failure that waits for a person; neutral while it is not known."""
    tones = {"acknowledged": "success", "accepted": "progress", "retry": "warning", INTERRUPTED: "warning"}
    return tones.get(attempt.outcome, "danger") if attempt.outcome else "progress"


def outcome(attempt: Attempt) -> str:
    if attempt.outcome is None:
        return _("en cours")
    words = {
        INTERRUPTED: _("interrompu, peut-être reçu"),
        "acknowledged": _("reçu"),
        "accepted": _("accepté, numéro attendu"),
        "retry": _("échec passager"),
        "fix_data": _("données à corriger"),
        "fix_configuration": _("réglage à corriger"),
        "business_no": _("refusé par l’application"),
        "manual": _("à traiter à la main"),
    }
    return words.get(attempt.outcome, attempt.outcome)
