"""Where an entry begins: the procedure, how the request came; and where it ends: the receipt."""

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import FieldView
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases import papers, queries
from etoile.gru.cases.models import Case
from etoile.gru.content.queries import published
from etoile.gru.counter import entering, letters
from etoile.gru.counter.forms import ArrivalForm, Search
from etoile.gru.counter.models import Entry
from etoile.gru.documents import serving
from etoile.gru.documents.kinds import JOINED, accepted_extensions
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import files, mandates
from etoile.gru.filling.errors import FillingRefused
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.queries import open_procedures
from etoile.gru.portal import catalogue
from etoile.gru.portal.forms import MandateForm
from etoile.gru.portal.views.procedure import documents_of

MOST_SHOWN = 8


@right_required("cases.treat")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The procedures, by what the person asks for; the entries begun; what waits to be printed."""
    authority = request.user.authority
    form = Search(request.GET or None)
    asked = str(form.data.get("mots", "")).strip()[:100] if form.is_bound else ""
    cards = catalogue.open_cards(authority)
    if asked:
        found = catalogue.find(authority, cards, published(authority), asked, timezone.localdate()).entries
        shown = [card for card in found if card.kind == "procedure"]
    else:
        shown = catalogue.most_asked(authority, cards, published(authority).content, MOST_SHOWN)
    context = {
        "form": form,
        "asked": asked,
        "cards": shown,
        "unfinished": entering.unfinished(request.user),
        "letters": letters.waiting(request.user).order_by()[: letters.MOST].count(),
    }
    return render(request, "counter/home.html", context)


@right_required("cases.treat")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    procedure = open_procedures(request.user.authority).filter(slug=slug).select_related("team__sector").first()
    if procedure is None or procedure.current is None:
        raise Http404(_("Cette démarche n’est pas ouverte."))
    posted = request.POST if request.method == "POST" else None
    form = ArrivalForm(posted, request.FILES or None)
    offered = mandates.offered(procedure.current.definition)
    for_whom = MandateForm(posted, offered=offered)
    if posted is not None and form.is_valid() and for_whom.is_valid():
        draft = _begun(request, procedure, form, for_whom)
        if draft is not None:
            return redirect("counter:page", slug, draft.id, procedure.current.definition.pages[0].id)
    context = {
        "procedure": procedure,
        "definition": procedure.current.definition,
        "documents": documents_of(procedure.current.definition),
        "form": form,
        "for_whom": for_whom,
        "original": FieldView(
            "original",
            str(form.fields["original"].label),
            "file",
            hint=str(form.fields["original"].help_text),
            accept=",".join(accepted_extensions(JOINED)),
            multiple=True,
            error=" ".join(map(str, form.errors.get("original", ()))),
        ),
        "refused": bool(form.errors or for_whom.errors),
    }
    return render(request, "counter/begin.html", context, status=422 if context["refused"] else 200)


def _begun(request: HttpRequest, procedure: Procedure, form: ArrivalForm, for_whom: MandateForm) -> Draft | None:
    """The draft with its scans; None when one of them is refused, said under its question, and nothing is kept."""
    version = procedure.current
    assert version is not None  # noqa: S101 - an open procedure has one
    version.procedure = procedure
    scans = [each for each in request.FILES.getlist("original") if isinstance(each, UploadedFile)]
    try:
        with transaction.atomic():
            draft = entering.begin(request.user, version, form.arrival(for_whom.mandate()))
            for each in scans:
                files.attach_original(draft, each)
    except FillingRefused as refusal:
        form.add_error("received_on", str(refusal))
    except DocumentRefused as refusal:
        form.add_error("original", str(refusal))
    else:
        return draft
    return None


@right_required("cases.treat")
@require_safe
def done(request: HttpRequest, slug: str, draft: uuid.UUID) -> HttpResponse:
    """The reference, the receipt to print, and where to go next."""
    entry, case = _sent(request, slug, draft)
    context = {
        "entry": entry,
        "case": case,
        "mine": queries.visible_to(request.user).filter(pk=case.pk).exists(),
        "waiting": letters.of_case(case.pk),
    }
    return render(request, "counter/done.html", context)


@right_required("cases.treat")
@require_safe
def receipt(request: HttpRequest, slug: str, draft: uuid.UUID) -> HttpResponse:
    """The receipt of registration as PDF, to whoever entered the request, whatever its team."""
    _entry, case = _sent(request, slug, draft)
    printed = papers.paper(case, papers.RECEIPT)
    if printed is None:
        raise Http404(_("Cette lettre n’existe pas."))
    return serving.produced(printed.name, printed.content)


@right_required("cases.treat")
@require_POST
def handed(request: HttpRequest, slug: str, draft: uuid.UUID) -> HttpResponse:
    """The person leaves with the receipt: it is no longer to be posted."""
    _entry, case = _sent(request, slug, draft)
    if letters.hand_over(request.user, case.pk):
        messages.success(request, _("C’est noté : l’accusé est remis, il n’est plus à envoyer."))
    return redirect("counter:done", slug, draft)


def _sent(request: HttpRequest, slug: str, draft: uuid.UUID) -> tuple[Entry, Case]:
    entry = entering.entry_of(request.user, draft)
    known = Case.objects.select_related("authority", "procedure_version__procedure", "team")
    case = known.filter(pk=draft, procedure_version__procedure__slug=slug).first() if entry is not None else None
    if entry is None or case is None:
        raise Http404(_("Cette saisie n’existe pas."))
    return entry, case
