"""A list for the departmental archives: made, sent to be signed, its answer recorded, its proof downloaded."""

import json
import uuid
from collections.abc import Callable
from tempfile import TemporaryFile

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.design.moments import spelled
from etoile.design.parts import SummaryRow
from etoile.design.templatetags.design import file_size
from etoile.gru.archive import printed, proofs, queries, slips
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.archive.seda import package
from etoile.gru.archive.seda.manifest import VERSIONS, InvalidManifest
from etoile.gru.backoffice.archives.forms import Agreement, Refusal
from etoile.gru.backoffice.archives.said import FATES, SLIP_TONES, kept_words
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.states import State
from etoile.gru.documents.serving import produced, streamed
from etoile.gru.forms.models import Procedure
from etoile.gru.papers.render import PaperError

PAGE = 100
PACKAGES = {f"seda-{version.replace('.', '-')}": version for version in VERSIONS}
# In bytes of attached files: beyond, `etoile gru retention package` writes it beside.
HEAVIEST = 200 * 1024 * 1024
LINE_TONES = {SlipLine.State.WAITING: "info", SlipLine.State.KEPT: "neutral", SlipLine.State.REMOVED: "success"}


def slip_of(request: HttpRequest, pk: uuid.UUID) -> Slip:
    found = queries.slips_of(request.user, "archives.manage")
    return get_object_or_404(found.select_related("authority", "procedure", "proposed_by", "recorded_by"), pk=pk)


@right_required("archives.manage")
@require_POST
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    found = Procedure.objects.select_related("current", "team", "authority")
    procedure = get_object_or_404(found, authority=request.user.authority_id, slug=slug)
    try:
        made = slips.propose(procedure, request.POST.get("kind", ""), request.user)
    except ArchiveRefused as refusal:
        notes.error(request, str(refusal))
        return redirect("backoffice:archives")
    notes.success(request, _("Le bordereau est prêt : relisez-le, puis envoyez-le aux archives départementales."))
    return redirect("backoffice:slip", made.pk)


@right_required("archives.manage")
@require_safe
def slip(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, slip_of(request, pk))


def show(request: HttpRequest, found: Slip, refused: Agreement | Refusal | None = None) -> HttpResponse:
    page = Paginator(found.lines.all(), PAGE).get_page(request.GET.get("page"))
    counted = found.lines.aggregate(
        number=Count("pk", filter=~Q(state=SlipLine.State.KEPT)),
        removed=Count("pk", filter=Q(state=SlipLine.State.REMOVED)),
        first=Min("decided_on"),
        last=Max("decided_on"),
        size=Sum("size"),
    )
    context = {
        "slip": found,
        "tone": SLIP_TONES[Slip.State(found.state)],
        "facts": facts(found, counted),
        "counted": counted,
        "page": page,
        "rows": [(line, LINE_TONES[SlipLine.State(line.state)], State(line.outcome).label) for line in page],
        "agree_form": refused if isinstance(refused, Agreement) else Agreement(),
        "refuse_form": refused if isinstance(refused, Refusal) else Refusal(),
        "refused": refused,
    }
    return render(request, "backoffice/archives/slip.html", context, status=422 if refused else 200)


def facts(found: Slip, counted: dict) -> list[SummaryRow]:
    rule = found.rule
    rows = [
        SummaryRow(_("Sort"), [str(found.get_kind_display())]),
        SummaryRow(_("Service"), [rule["service"]]),
        SummaryRow(
            _("Conservation"), [kept_words(rule["active"], rule["intermediate"]), str(FATES[rule["final_fate"]])]
        ),
        SummaryRow(_("Texte"), [rule["basis"].get("fr") or "–"]),
        SummaryRow(_("Dossiers"), [str(counted["number"])]),
    ]
    if counted["first"]:
        days = [spelled(counted[name], "j F Y") for name in ("first", "last")]
        rows.append(SummaryRow(_("Terminés du"), [_("%(first)s au %(last)s") % {"first": days[0], "last": days[1]}]))
    rows.append(SummaryRow(_("Fichiers"), [file_size(counted["size"] or 0)]))
    if found.agreed_on:
        visa = f"{found.agreement}, {found.agreed_by}, {spelled(found.agreed_on)}"
        rows.append(SummaryRow(_("Visa"), [visa]))
    if found.why:
        rows.append(SummaryRow(_("Raison du refus"), [found.why]))
    return rows


@right_required("archives.manage")
@require_POST
def set_aside(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    chosen = [int(each) for each in request.POST.getlist("line") if each.isdecimal()][: slips.LONGEST]

    def doing() -> str:
        number = slips.set_aside(pk, request.user, chosen, "")
        return _("Retirées du bordereau : %(n)s.") % {"n": number}

    return _done(request, slip_of(request, pk), doing)


@right_required("archives.manage")
@require_POST
def agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found, form = slip_of(request, pk), Agreement(request.POST)
    if not form.is_valid():
        return show(request, found, form)

    def doing() -> str:
        slips.agree(pk, request.user, **form.cleaned_data)
        return _("Le visa est enregistré. Les dossiers seront supprimés dans l’heure, et la preuve signée.")

    return _done(request, found, doing)


@right_required("archives.manage")
@require_POST
def refuse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found, form = slip_of(request, pk), Refusal(request.POST)
    if not form.is_valid():
        return show(request, found, form)

    def doing() -> str:
        slips.refuse(pk, request.user, form.cleaned_data["reason"])
        return _("Le refus est enregistré. Les dossiers restent aux archives.")

    return _done(request, found, doing)


@right_required("archives.manage")
@require_safe
def download(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponseBase:
    """`pdf` and `csv` to be signed; `seda-2-2` and `seda-2-3` for an archiving system; `preuve` once it is done."""
    found = slip_of(request, pk)
    name = f"{_('Bordereau')} {found.number}"
    if kind == "pdf":
        return produced(f"{name}.pdf", printed.pdf_of(found))
    if kind == "csv":
        return produced(f"{name}.csv", printed.csv_of(found).encode("utf-8-sig"), "text/csv; charset=utf-8")
    if kind == "preuve" and found.proof is not None:
        content = json.dumps(proofs.proof_of(found), ensure_ascii=False, indent=1).encode()
        return produced(f"{_('Preuve')} {found.number}.json", content, "application/json")
    if kind in PACKAGES:
        return _package(request, found, PACKAGES[kind])
    raise Http404


def _package(request: HttpRequest, found: Slip, version: str) -> HttpResponseBase:
    """Made on the disk, then sent: the memory of the server does not grow with the files."""
    size = found.lines.filter(state=SlipLine.State.WAITING).aggregate(size=Sum("size"))["size"] or 0
    if size > HEAVIEST:
        notes.error(request, _("Ce paquet est trop lourd pour le navigateur. Demandez-le à qui exploite Étoile."))
        return redirect("backoffice:slip", found.pk)
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        package.write(found, version, target)
    except (ArchiveRefused, InvalidManifest, PaperError) as refusal:
        target.close()
        notes.error(request, str(refusal))
        return redirect("backoffice:slip", found.pk)
    target.seek(0)
    return streamed(target, f"{found.number}.zip", "application/zip")


def _done(request: HttpRequest, found: Slip, doing: Callable[[], str]) -> HttpResponse:
    try:
        notes.success(request, doing())
    except ArchiveRefused as refusal:
        notes.error(request, str(refusal))
    return redirect("backoffice:slip", found.pk)
