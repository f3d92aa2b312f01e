"""From rows to the tables of the design: columns, tones and addresses."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design import moments
from etoile.design.parts import Cell, Table
from etoile.hub.console.queries import Line, reference_of
from etoile.hub.console.words import clipped, kind, nothing, tries
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


def when(at: datetime | None) -> Cell:
    """A moment as people say it; its full date is in the title."""
    return Cell(moments.said(at), at=at) if at else Cell("–")


def found(number: int, *, more: bool) -> str:
    """How many lines a page shows: what is longer than a page is not counted."""
    if more:
        return ngettext("%(n)s ligne sur cette page", "%(n)s lignes sur cette page", number) % {"n": number}
    return ngettext("%(n)s résultat", "%(n)s résultats", number) % {"n": number}


def state_cell(state: str) -> Cell:
    return Cell(str(DeliveryState(state).label), tone=TONES[DeliveryState(state)])


def _next_try(line: Line) -> Cell:
    delivery = line.delivery
    if delivery.state not in {DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED}:
        return Cell("–")
    return when(delivery.due) if delivery.due else Cell(_("après celui qui le précède"))


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
                when(line.delivery.created_at),
                Cell(kind(line.message.type) if line.message else "–"),
                Cell(line.application or "–"),
                state_cell(line.delivery.state),
                Cell(tries(line), numeric=True),
                _next_try(line),
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
                when(message.received_at),
                Cell(
                    str(MessageState(message.state).label),
                    tone="warning" if message.state == MessageState.UNROUTED else "success",
                ),
            ]
            for message in found
        ],
        empty=_("Aucun message ne correspond."),
    )
