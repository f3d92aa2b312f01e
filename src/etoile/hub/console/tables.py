"""From rows to the tables of the design: words, tones and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from etoile.contract import schemas
from etoile.design.parts import Cell, Table
from etoile.hub.console.queries import Line, Standing, reference_of
from etoile.hub.delivery.models import Attempt
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Entry, Message, MessageState

TONES = {
    DeliveryState.PENDING: "info",
    DeliveryState.LEASED: "progress",
    DeliveryState.SENT: "progress",
    DeliveryState.ACKNOWLEDGED: "success",
    DeliveryState.RETRY_SCHEDULED: "warning",
    DeliveryState.REJECTED: "danger",
    DeliveryState.DEAD: "danger",
    DeliveryState.HELD: "neutral",
    DeliveryState.CANCELLED: "neutral",
}


NUMBER_SHOWN = 24
OVER = (DeliveryState.ACKNOWLEDGED, DeliveryState.CANCELLED, DeliveryState.SENT)
# What the journal's words of code mean. What is not here is shown as it is written.
ENTRIES = {
    "message.accepted": gettext_lazy("Message accepté"),
    "message.unrouted": gettext_lazy("Message sans destinataire"),
    "message.opened": gettext_lazy("Contenu ouvert par une personne"),
    "delivery.replayed": gettext_lazy("Envoi relancé"),
    "delivery.cancelled": gettext_lazy("Envoi annulé"),
    "delivery.rejected": gettext_lazy("Envoi refusé par l’application"),
    "delivery.dead": gettext_lazy("Essais épuisés"),
    "status.refused": gettext_lazy("Réponse de l’application inutilisable"),
    "filter.failed": gettext_lazy("Filtre d’abonnement en erreur"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the journal in words."""

    words: str
    entry: Entry


def journal(entries: Iterable[Entry]) -> list[Written]:
    return [Written(str(ENTRIES.get(entry.kind, entry.kind)), entry) for entry in entries]


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


def state_cell(state: str) -> Cell:
    return Cell(str(DeliveryState(state).label), tone=TONES[DeliveryState(state)])


def standings_table(found: list[Standing]) -> Table:
    return Table(
        caption=_("Applications"),
        columns=[_("Application"), _("En attente"), _("À traiter"), _("Reçues depuis 24 h"), _("La plus ancienne")],
        rows=[
            [
                Cell(row.application.name, href=f"{reverse('console:deliveries')}?application={row.application.pk}"),
                Cell(str(row.waiting), numeric=True),
                Cell(str(row.stuck), tone="danger") if row.stuck else Cell("0", numeric=True),
                Cell(str(row.acknowledged), numeric=True),
                Cell(timesince(row.oldest) if row.oldest else "–"),
            ]
            for row in found
        ],
        empty=_("Aucune application n’est encore branchée. Chargez un fichier d’étoile : etoile hub load FICHIER."),
    )


def nothing(state: str) -> str:
    """What an empty list means, which depends on what was asked."""
    words = {
        "waiting": _("Rien n’attend : tout ce qui devait partir est parti."),
        "stuck": _("Rien à traiter : aucun envoi ne demande votre décision."),
        DeliveryState.DEAD.value: _("Aucun envoi n’a épuisé ses essais."),
        DeliveryState.REJECTED.value: _("Aucune application n’a refusé d’envoi."),
    }
    return words.get(state, _("Aucun envoi ne correspond."))


def deliveries_table(found: list[Line], empty: str = "") -> Table:
    return Table(
        caption=_("Envois"),
        columns=[
            _("Demande"),
            _("Message"),
            _("Application"),
            _("État"),
            _("Essais"),
            _("Prochain essai"),
            _("Numéro"),
        ],
        rows=[
            [
                Cell(
                    line.reference or line.delivery.subject, href=reverse("console:delivery", args=[line.delivery.pk])
                ),
                Cell(kind(line.message.type) if line.message else "–"),
                Cell(line.application or "–"),
                state_cell(line.delivery.state),
                Cell(tries(line), numeric=True),
                Cell(next_try(line)),
                Cell(clipped(line.delivery.external_id or "–")),
            ]
            for line in found
        ],
        empty=empty or nothing(""),
    )


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


def next_try(line: Line) -> str:
    delivery = line.delivery
    if delivery.state in {DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED}:
        return moment(delivery.due) if delivery.due else _("après celui qui le précède")
    return "–"


def short(message_type: str) -> str:
    return message_type.removeprefix("org.etoile.")


def messages_table(found: list[Message]) -> Table:
    return Table(
        caption=_("Messages acceptés"),
        columns=[_("Demande"), _("Type"), _("Émetteur"), _("Reçu"), _("Aiguillage")],
        rows=[
            [
                Cell(reference_of(message), href=reverse("console:message", args=[message.pk])),
                Cell(kind(message.type)),
                Cell(message.source),
                Cell(moment(message.received_at)),
                Cell(
                    str(MessageState(message.state).label),
                    tone="warning" if message.state == MessageState.UNROUTED else "success",
                ),
            ]
            for message in found
        ],
        empty=_("Aucun message ne correspond."),
    )


def attempts_table(found: list[Attempt]) -> Table:
    return Table(
        caption=_("Essais"),
        columns=[_("Essai"), _("Début"), _("Durée"), _("Résultat"), _("Réponse"), _("Explication")],
        rows=[
            [
                Cell(str(attempt.number), numeric=True),
                Cell(moment(attempt.started_at)),
                Cell(duration(attempt), numeric=True),
                Cell(outcome(attempt)),
                Cell(str(attempt.http_status or "–"), numeric=True),
                Cell(attempt.detail or "–"),
            ]
            for attempt in found
        ],
        empty=_("Aucun essai n’a encore été fait."),
    )


def duration(attempt: Attempt) -> str:
    if attempt.finished_at is None:
        return "–"
    milliseconds = (attempt.finished_at - attempt.started_at).total_seconds() * 1000
    return f"{milliseconds:.0f} ms"


def outcome(attempt: Attempt) -> str:
    if attempt.finished_at is None:
        return _("en cours, ou interrompu")
    words = {
        "acknowledged": _("reçu"),
        "accepted": _("accepté, numéro attendu"),
        "retry": _("échec passager"),
        "fix_data": _("données à corriger"),
        "fix_configuration": _("réglage à corriger"),
        "business_no": _("refusé par l’application"),
        "manual": _("à traiter à la main"),
    }
    return words.get(attempt.outcome or "", attempt.outcome or "–")
