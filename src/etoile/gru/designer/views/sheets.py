"""The sheets of a procedure: the law, the register, who treats, the messages."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.designer import receivers, sheet
from etoile.gru.designer.desk import Desk, on_draft, on_procedure
from etoile.gru.designer.legal_form import LegalForm
from etoile.gru.designer.message_form import MessageForm
from etoile.gru.designer.register_form import RegisterForm
from etoile.gru.designer.routing_form import RouteForm, RoutingForm, teams
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.questions import set_procedure
from etoile.gru.forms.sentences import sentence
from etoile.gru.notices import tags, wording

PAGE = ["GET", "HEAD", "POST"]


@on_procedure
@require_http_methods(PAGE)
def legal(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = LegalForm(desk.version.source, request.POST or None)
    said = _("La fiche juridique est enregistrée.")
    return sheet.shown(request, desk, form, "designer/legal.html", said, title=_("Fiche juridique"))


@on_procedure
@require_http_methods(PAGE)
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = RegisterForm(desk.version.source, request.POST or None)
    said = _("Le registre et la conservation sont enregistrés.")
    title = _("Registre et conservation")
    return sheet.shown(request, desk, form, "designer/register.html", said, title=title)


@on_procedure
@require_http_methods(PAGE)
def routing(request: HttpRequest, desk: Desk) -> HttpResponse:
    authority = desk.procedure.authority
    form = RoutingForm(authority, desk.version.source, request.POST or None)
    names, fields = dict(teams(authority)), {each.id: each for each in desk.definition.every_field()}
    more = {
        "routes": [(names.get(each.team, each.team), sentence(each.when, fields)) for each in desk.definition.routing],
        "route_form": RouteForm(authority, desk.definition, prefix="route") if desk.editable else None,
        "with_hub": True,
        "rehearsal": receivers.told(desk.version) if "essai" in request.GET else None,
    }
    title, said = _("Qui traite les demandes"), _("L’orientation est enregistrée.")
    return sheet.shown(request, desk, form, "designer/routing.html", said, title=title, **more)


@on_draft
@require_POST
def add_route(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = RouteForm(desk.procedure.authority, desk.definition, request.POST, prefix="route")
    if not form.is_valid():
        raise EditRefused([_("Choisissez un service et une question pour cette orientation.")])
    routes = [*(desk.version.source.get("routing") or []), form.route()]
    set_procedure(desk.edit(request), {"routing": routes}, verb="routing_changed")
    return redirect("designer:condition", desk.slug, "routing", str(len(routes) - 1), "when")


@on_draft
@require_POST
def remove_route(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    routes = list(desk.version.source.get("routing") or [])
    del routes[number : number + 1]
    set_procedure(desk.edit(request), {"routing": routes}, verb="routing_changed")
    return redirect("designer:routing", desk.slug)


@on_procedure
@require_safe
def messages(request: HttpRequest, desk: Desk) -> HttpResponse:
    own = desk.definition.messages
    rows = [(name, words, own.get(name)) for name, words in tags.NAMES.items()]
    return render(request, "designer/messages.html", {"desk": desk, "rows": rows})


@on_procedure
@require_http_methods(PAGE)
def message(request: HttpRequest, desk: Desk, template: str) -> HttpResponse:
    if template not in tags.NOTICES:
        raise Http404(_("Ce message n’existe pas."))
    if request.method == "POST" and not desk.editable:
        raise PermissionDenied
    form = MessageForm(desk.version.source, template, request.POST or None)
    shown = {
        "name": tags.NAMES[template],
        "tags": [(f"{{{{ {name} }}}}", words) for name, words in tags.NOTICES[template].items()],
        "usual": wording.say(template, _example(desk)),
        "is_receipt": template in wording.RECEIPTS,
        "back": sheet.address("messages", desk.slug),
        "back_words": _("Revenir aux messages"),
    }
    title, said = str(tags.NAMES[template]), _("Le message est enregistré.")
    return sheet.shown(request, desk, form, "designer/message.html", said, title=title, **shown)


def _example(desk: Desk) -> dict[str, object]:
    """Made-up facts, for the usual words to be read with."""
    team = desk.procedure.team
    return {
        "reference": "26-K7QM-3",
        "procedure": desk.version.name.raw(),
        "authority": desk.procedure.authority.name,
        "service": team.name,
        "service_address": team.address,
        "service_email": team.email,
        "service_phone": team.phone,
        "received_at": "2027-01-12T09:30:00+01:00",
        "timezone": desk.procedure.authority.timezone,
        "deadline": "2027-02-12",
    }
