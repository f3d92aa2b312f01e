"""From rows to the tables of the design: words, tones and addresses."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Table
from etoile.hub.console.queries import Line, Standing, reference_of
from etoile.hub.delivery.models import Attempt
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Message, MessageState

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


def moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j M Y H:i:s") if at else "–"


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
                Cell(str(row.stuck), numeric=True),
                Cell(str(row.acknowledged), numeric=True),
                Cell(timesince(row.oldest) if row.oldest else "–"),
            ]
            for row in found
        ],
        empty=_("Aucune application n’est encore branchée. Chargez un fichier d’étoile : etoile hub load FICHIER."),
    )


def deliveries_table(found: list[Line]) -> Table:
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
                Cell(short(line.message.type) if line.message else "–"),
                Cell(line.application or "–"),
                state_cell(line.delivery.state),
                Cell(str(line.delivery.attempts), numeric=True),
                Cell(next_try(line)),
                Cell(line.delivery.external_id or "–"),
            ]
            for line in found
        ],
        empty=_("Aucun envoi ne correspond."),
    )


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
                Cell(short(message.type)),
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
