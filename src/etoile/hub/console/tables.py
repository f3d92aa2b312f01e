"""From rows to the tables of the design: columns, tones and addresses."""

from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Table
from etoile.hub.console.queries import Line, reference_of
from etoile.hub.console.words import clipped, kind, moment, next_try, nothing, tries
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


def state_cell(state: str) -> Cell:
    return Cell(str(DeliveryState(state).label), tone=TONES[DeliveryState(state)])


def deliveries_table(found: list[Line], empty: str = "") -> Table:
    return Table(
        caption=_("Envois"),
        columns=[
            _("Demande"),
            _("Accepté"),
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
                Cell(moment(line.delivery.created_at)),
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
