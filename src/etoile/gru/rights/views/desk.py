"""The desk of the data protection officer: what people ask, what is frozen, one person's data, what retention does."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import FieldView
from etoile.design.moments import said
from etoile.design.parts import Cell, SummaryRow, Table
from etoile.gru.access.models import Authority
from etoile.gru.audit import services as audit
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import NEEDED, find
from etoile.gru.cases.references import normalise
from etoile.gru.documents import serving
from etoile.gru.inbox import queries as inbox
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.papers.render import PaperError
from etoile.gru.rights import freezes, redactions, retention, services
from etoile.gru.rights.errors import RightsRefused
from etoile.gru.rights.forms import MODELS, Answer, Extend, Find, Freeze
from etoile.gru.rights.holdings import export, paper
from etoile.gru.rights.holdings.codes import EVENTS
from etoile.gru.rights.models import Freeze as Frozen
from etoile.gru.rights.models import Request, State
from etoile.gru.rights.subject import whole_of_case
from etoile.gru.rights.views.own import TONES, held_rows

# Those answered are shown a year's worth of a small town; the rest is in the audit log.
MOST = 200
NEAR = 7


@right_required("privacy.manage")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    form = Find(request.GET if "reference" in request.GET else None)
    if form.is_bound:
        found = find(authority.siret, reference=normalise(request.GET["reference"]))
        if found is not None:
            return redirect("rights:file", found)
        form.add_error("reference", _("Aucune demande n’a cette référence ici."))
    asked = Request.objects.filter(authority=authority).select_related("case__procedure_version")
    frozen = Frozen.objects.filter(case__authority=authority, lifted_at=None).select_related("case", "placed_by")[:MOST]
    context = {
        "form": form,
        "open": _asked_table(_("À répondre"), asked.filter(state=State.OPEN)[:MOST], authority),
        "answered": _asked_table(
            _("Répondues"), asked.exclude(state=State.OPEN).order_by("-answered_at")[:MOST], authority
        ),
        "frozen": _frozen_table(list(frozen)),
    }
    return render(request, "rights/desk.html", context, status=422 if form.errors else 200)


def _asked_table(caption: str, found: Iterable[Request], authority: Authority) -> Table:
    rows = [
        [
            Cell(
                each.case.reference,
                href=reverse("rights:answer", args=[each.pk]),
                note=str(each.case.procedure_version.name),
            ),
            Cell(str(each.get_kind_display())),
            Cell(date_format(each.asked_at.astimezone(authority.zone), "j F Y")),
            _due(each, authority),
        ]
        for each in found
    ]
    columns = [_("Demande"), _("Ce qui est demandé"), _("Depuis le"), _("Réponse")]
    return Table(caption, columns, rows, empty=_("Rien."))


def _due(asked: Request, authority: Authority) -> Cell:
    if asked.state != State.OPEN:
        return Cell(str(asked.get_state_display()), tone=TONES[State(asked.state)])
    left = (asked.due_on - authority.today()).days
    day = {"day": date_format(asked.due_on, "j F Y")}
    if left < 0:
        return Cell(_("en retard depuis le %(day)s") % day, tone="danger")
    return Cell(_("avant le %(day)s") % day, tone="warning" if left <= NEAR else "info")


def _frozen_table(found: Sequence[Frozen]) -> Table:
    kept = Counter(inbox.waiting(each.case_id for each in found).values_list("case_id", flat=True))
    rows = [
        [
            Cell(each.case.reference, href=reverse("rights:file", args=[each.case.pk])),
            Cell(each.reason),
            Cell(str(each.placed_by)),
            Cell(date_format(timezone.localtime(each.placed_at), "j F Y")),
            Cell(str(kept[each.case_id]), numeric=True),
        ]
        for each in found
    ]
    columns = [_("Demande"), _("Pourquoi"), _("Par"), _("Depuis le"), _("Nouvelles en attente")]
    return Table(_("Demandes gelées"), columns, rows, empty=_("Aucune demande n’est gelée."))


@right_required("privacy.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One thing asked. A post answers it."""
    asked = _asked(request, pk)
    form = Answer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(asked, request.user, **form.cleaned_data)
        except RightsRefused as refusal:
            notes.error(request, str(refusal))
            return redirect("rights:answer", pk)
        notes.success(request, _("La réponse est sur la page de la personne. Elle en est prévenue."))
        return redirect("rights:desk")
    return _answer_page(request, asked, form, Extend())


@right_required("privacy.manage")
@require_POST
def extend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked, form = _asked(request, pk), Extend(request.POST)
    if not form.is_valid():
        return _answer_page(request, asked, Answer(), form)
    try:
        services.extend(asked, request.user, form.cleaned_data["why"])
    except RightsRefused as refusal:
        notes.error(request, str(refusal))
    else:
        notes.success(request, _("Deux mois de plus. La personne en est prévenue, avec la raison."))
    return redirect("rights:answer", pk)


def _answer_page(request: HttpRequest, asked: Request, form: Answer, extending: Extend) -> HttpResponse:
    wrong = form if form.errors else extending
    context = {
        "asked": asked,
        "form": wrong,
        "answering": form,
        "extending": extending,
        "due": _due(asked, request.user.authority),
        "model": MODELS[asked.kind],
        "is_open": asked.state == State.OPEN,
    }
    return render(request, "rights/answer.html", context, status=422 if wrong.errors else 200)


@right_required("privacy.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is held about the person of a request, and whether it is frozen. Opening it is in the audit log. A post says
    what the person receives of notes and opinions."""
    case = _case(request, pk)
    if request.method == "POST":
        if redactions.write(case, whole_of_case(case), request.user, request.POST.dict()):
            notes.success(request, _("C’est gardé : la personne recevra ces mots-là, les vôtres ne changent pas."))
        return redirect("rights:file", pk)
    _note(request, case)
    return _file_page(request, case, Freeze())


@right_required("privacy.manage")
@require_POST
def freeze(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case, form = _case(request, pk), Freeze(request.POST)
    try:
        if "lift" in request.POST:
            applied = freezes.lift(pk, request.user)
            notes.success(request, _("La demande n’est plus gelée. La personne en est prévenue."))
            for each in applied:
                notes.info(request, f"{_told(each)} : {each.why or each.get_state_display()}")
        elif form.is_valid():
            freezes.place(pk, request.user, form.cleaned_data["reason"])
            notes.success(request, _("La demande est gelée. La personne en est prévenue."))
        else:
            return _file_page(request, case, form)
    except RightsRefused as refusal:
        notes.error(request, str(refusal))
    return redirect("rights:file", pk)


@right_required("privacy.manage")
@require_safe
def whole(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """All of it, with what the person must ask for: to be read before it is given."""
    case = _case(request, pk)
    _note(request, case)
    if kind == "json":
        told = JsonResponse(
            export.document(whole_of_case(case), seen=timezone.now(), original=True),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
        return serving.produced(f"{case.reference}.json", told.content, "application/json")
    try:
        printed = paper.printed(whole_of_case(case), seen=timezone.now(), original=True)
    except PaperError as refusal:
        notes.error(request, f"{refusal} {_('Prenez le fichier JSON.')}")
        return redirect("rights:file", pk)
    return serving.produced(printed.name, printed.content)


@right_required("privacy.manage")
@require_safe
def conservation(request: HttpRequest) -> HttpResponse:
    rows = [
        [
            Cell(date_format(each.first, "F Y")),
            Cell(str(each.told), numeric=True),
            Cell(str(each.archived), numeric=True),
            Cell(str(each.removed), numeric=True),
        ]
        for each in retention.months(request.user.authority, timezone.now())
    ]
    columns = [_("Mois"), _("Personnes prévenues"), _("Demandes archivées"), _("Demandes éliminées")]
    table = Table(_("Douze derniers mois"), columns, rows, empty=_("Rien n’est encore arrivé au bout de sa durée."))
    return render(request, "rights/conservation.html", {"table": table})


def _file_page(request: HttpRequest, case: Case, form: Freeze) -> HttpResponse:
    asked = Request.objects.filter(case=case).order_by("-asked_at")
    subject = whole_of_case(case)
    context = {
        "case": case,
        "form": form,
        "frozen": freezes.freeze_of(case.pk),
        "spoken": [
            (each, _spoken_field(number, each)) for number, each in enumerate(redactions.spoken(subject), start=1)
        ],
        "kept": [SummaryRow(said(each.received_at), [_told(each)]) for each in inbox.waiting([case.pk])],
        "held": held_rows(subject),
        "asked": [SummaryRow(str(each.get_kind_display()), [str(each.get_state_display())]) for each in asked],
    }
    return render(request, "rights/file.html", context, status=422 if form.errors else 200)


def _spoken_field(number: int, each: redactions.Spoken) -> FieldView:
    hint = _("Ce que la personne recevra")
    return FieldView(each.key, f"{number}. {each.title}", "textarea", hint=hint, value=each.told, rows=3)


def _told(event: IncomingEvent) -> str:
    """By whom, and what."""
    return f"{event.source}, {EVENTS.get(event.type, event.type)}"


def _asked(request: HttpRequest, pk: uuid.UUID) -> Request:
    found = Request.objects.filter(authority=request.user.authority, pk=pk)
    asked = found.select_related("case__procedure_version", "answered_by").first()
    if asked is None:
        raise Http404
    return asked


def _case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """Whatever its sector, frozen or archived: those of the authority are all the officer's."""
    found = Case.objects.filter(authority=request.user.authority, pk=pk).select_related(*NEEDED).first()
    if found is None:
        raise Http404
    return found


def _note(request: HttpRequest, case: Case) -> None:
    audit.note("rights.read", authority=case.authority.pk, by=request.user, subject=case.reference, case_id=case.pk)
