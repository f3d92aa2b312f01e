"""The proofs: accounts of each day (reconciliation), and the seals of the journal."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.design.moments import spelled
from etoile.design.parts import Cell, Table
from etoile.hub.console import proofs
from etoile.hub.console.access import operator_required
from etoile.hub.console.exports import attachment, csv_line
from etoile.hub.console.tables import when
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Seal
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.reconciliation.models import Difference, DifferenceKind, Report, Row

SEALS_SHOWN, DIFFERENCES_SHOWN = 20, 50
DIFFERENCE_COLUMNS = ("kind", "subscription", "message_id", "delivery_id", "external_id", "reference")
OPEN = (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.RETRY_SCHEDULED, DeliveryState.SENT)


@operator_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    context = {"table": _reports(reconciliation.reports()), "proof": proofs.report_state()}
    return render(request, "console/reports.html", context)


@operator_required
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report, pk=pk)
    rows = reconciliation.rows(report)
    found = reconciliation.differences(report)
    context = {
        "report": report,
        "table": _rows(rows),
        "notes": [row for row in rows if row.note],
        "differences": _differences(found[:DIFFERENCES_SHOWN], {row.subscription_id: row for row in rows}),
        "number": len(found),
        "shown": DIFFERENCES_SHOWN,
    }
    return render(request, "console/report.html", context)


@operator_required
@require_safe
def report_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    report = get_object_or_404(Report, pk=pk)
    return attachment(f"etoile-rapprochement-{report.day}.csv", reconciliation.csv_lines([report]))


@operator_required
@require_safe
def differences_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    report = get_object_or_404(Report, pk=pk)
    return attachment(f"etoile-ecarts-{report.day}.csv", _difference_lines(report))


def _difference_lines(report: Report) -> Iterator[str]:
    names = {row.subscription_id: row.subscription for row in reconciliation.rows(report)}
    yield csv_line(DIFFERENCE_COLUMNS)
    for each in Difference.objects.filter(report=report).iterator():
        subscription = names.get(each.subscription_id, "")
        yield csv_line([each.kind, subscription, each.message_id, each.delivery_id, each.external_id, each.reference])


@operator_required
@require_safe
def journal_page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        state = proofs.seal_state(cursor)
    found = list(Seal.objects.defer("marks")[:SEALS_SHOWN])
    return render(request, "console/journal.html", {"proof": state, "table": _seals(found), "last": _hash(found[:1])})


def _hash(found: list[Seal]) -> str:
    return bytes(found[0].hash).hex() if found else ""


def _seals(found: list[Seal]) -> Table:
    return Table(
        caption=_("Les derniers sceaux"),
        columns=[_("Sceau"), _("Posé"), _("Lignes"), _("Empreinte")],
        rows=[
            [
                Cell(str(seal.pk), numeric=True),
                when(seal.at),
                Cell(str(seal.entries), numeric=True),
                Cell(f"{bytes(seal.hash).hex()[:24]}…"),
            ]
            for seal in found
        ],
        empty=_("Aucun sceau encore : rien n’est écrit depuis plus d’une minute."),
    )


def _reports(found: list[Report]) -> Table:
    return Table(
        caption=_("Rapports"),
        columns=[_("Jour"), _("Acceptés"), _("Aiguillés"), _("Sans destinataire"), _("Écarts"), _("Fait le")],
        rows=[
            [
                Cell(spelled(report.day, "j F Y"), href=reverse("console:report", args=[report.pk])),
                Cell(str(report.entries), numeric=True),
                Cell(str(report.routed), numeric=True),
                Cell(str(report.unrouted), numeric=True),
                Cell(str(report.differences), tone="danger")
                if report.differences
                else Cell(_("aucun"), tone="success"),
                when(report.made_at),
            ]
            for report in found
        ],
        empty=_("Pas encore de rapport : les comptes d’un jour se font la nuit qui suit."),
    )


def _count(differences: int) -> Cell:
    return Cell(str(differences), tone="danger") if differences else Cell("0", numeric=True)


def _rows(found: list[Row]) -> Table:
    return Table(
        caption=_("Abonnement par abonnement"),
        columns=[
            _("Abonnement"), _("Acceptés"), _("Reçus"), _("En attente"), _("Refusés"), _("Épuisés"), _("Retenus"),
            _("Annulés"), _("Là-bas"), _("Écarts"),
        ],
        rows=[
            [
                Cell(row.subscription),
                *(Cell(str(number), numeric=True) for number in (
                    row.accepted, row.acknowledged, sum(getattr(row, state) for state in OPEN), row.rejected, row.dead,
                    row.held, row.cancelled,
                )),
                Cell("–" if row.theirs is None else str(row.theirs), numeric=True),
                _count(row.differences),
            ]
            for row in found
        ],
        empty=_("Rien n’a été accepté ce jour-là."),
    )  # fmt: skip


def _differences(found: list[Difference], rows: dict[int, Row]) -> Table:
    return Table(
        caption=_("Ce qui ne tombe pas juste"),
        columns=[_("Écart"), _("Abonnement"), _("Référence"), _("Numéro"), _("Message")],
        rows=[
            [
                Cell(str(DifferenceKind(each.kind).label)),
                Cell(rows[each.subscription_id].subscription if each.subscription_id in rows else "–"),
                Cell(each.reference or "–"),
                Cell(each.external_id or "–"),
                Cell(_("ouvrir"), href=reverse("console:message", args=[each.message_id]))
                if each.message_id
                else Cell("–"),
            ]
            for each in found
        ],
        empty=_("Tout tombe juste."),
    )
