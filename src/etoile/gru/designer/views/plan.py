"""The outline: everything at a glance, and what moves it."""

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.designer import outline as plan
from etoile.gru.designer.desk import Desk, on_draft, on_procedure
from etoile.gru.designer.hints import hints
from etoile.gru.forms.editing import change, drafts, history, structure


@on_procedure
@require_safe
def outline(request: HttpRequest, desk: Desk) -> HttpResponse:
    entries = history.last(desk.procedure, most=1)
    shown = {
        "desk": desk,
        "pages": plan.outline(desk.definition, desk.slug, hints(desk.definition) if desk.editable else {}),
        "last": entries[0] if entries and desk.is_draft else None,
        # Who moves something with the keyboard goes on from the same button.
        "moved": request.GET.get("deplace", ""),
        "direction": request.GET.get("vers", ""),
    }
    return render(request, "designer/outline.html", shown)


@on_procedure
@require_POST
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.may_edit:
        raise PermissionDenied
    drafts.open_draft(desk.procedure, by=request.user)
    notes.success(
        request, _("Une nouvelle version est ouverte. Celle en service reste la même jusqu’à la publication.")
    )
    return redirect("designer:outline", desk.slug)


@on_draft
@require_POST
def move(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`kind`, `id`, and `direction`; or `holder` and `number`, where a question was dropped."""
    given = request.POST
    kind, identifier = given.get("kind", ""), given.get("id", "")
    if "holder" in given:
        number = given.get("number", "")
        structure.move_to(desk.edit(request), identifier, given["holder"], int(number) if number.isdecimal() else 0)
        return redirect(f"{reverse('designer:outline', args=[desk.slug])}#{kind}-{identifier}")
    direction = structure.UP if given.get("direction") == structure.UP else structure.DOWN
    structure.move(desk.edit(request), kind, identifier, direction)
    if kind not in ("page", "section", "field"):
        return redirect(given_back(request, desk))
    address = reverse("designer:outline", args=[desk.slug])
    # No fragment: with one, the browser would not give the focus back to the button.
    return redirect(f"{address}?deplace={identifier}&vers={direction}")


@on_draft
@require_POST
def undo(request: HttpRequest, desk: Desk) -> HttpResponse:
    change.undo(desk.edit(request))
    notes.success(request, _("La dernière modification est annulée. La même touche la remet."))
    return redirect("designer:outline", desk.slug)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, desk: Desk) -> HttpResponse:
    if request.method != "POST":
        return render(request, "designer/discard.html", {"desk": desk})
    in_service = desk.procedure.current_id is not None
    drafts.discard(desk.procedure, by=request.user, why=request.POST.get("why", "")[:500])
    if in_service:
        notes.success(request, _("Le brouillon est abandonné. La version en service n’a pas changé."))
        return redirect("designer:outline", desk.slug)
    notes.success(request, _("La démarche est supprimée : elle n’avait jamais été publiée."))
    return redirect("designer:list")


def given_back(request: HttpRequest, desk: Desk) -> str:
    """The page of the list whose element was moved."""
    kind = request.POST.get("kind", "")
    route = {"document": "documents", "declaration": "declarations"}.get(kind, "rules")
    return reverse(f"designer:{route}", args=[desk.slug])
