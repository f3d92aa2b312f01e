"""Finding a procedure: home, catalogue, and the page of one procedure."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.gru.filling.services import Filling
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureState
from etoile.gru.forms.queries import known_procedure
from etoile.gru.portal import catalogue, drafts, jsonld, periods, sheets
from etoile.gru.portal.requests import authority_of

SEARCH_LIMIT = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    cards = catalogue.open_cards(authority)
    context = {
        "most_asked": catalogue.most_asked(authority, cards),
        "themes": catalogue.themes(cards),
        "life_events": catalogue.life_events(cards),
    }
    return render(request, "portal/home.html", context)


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue, all of it or what answers the search; the words and the theme stay in the address."""
    cards = catalogue.open_cards(authority_of(request))
    asked = request.GET.get("q", "").strip()[:SEARCH_LIMIT]
    theme, event = request.GET.get("theme", ""), request.GET.get("evenement", "")
    found = [
        card
        for card in catalogue.search(cards, asked)
        if (not theme or card.category == theme) and (not event or card.life_event == event)
    ]
    context = {
        "cards": found,
        "asked": asked,
        "theme": theme,
        "event": event,
        "event_words": catalogue.life_event_words(event) if event else "",
        "themes": catalogue.themes(cards),
        "total": len(cards),
    }
    return render(request, "portal/catalogue.html", context)


@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    authority = authority_of(request)
    found = known_procedure(authority, slug)
    if found is None or found.current is None:
        raise Http404(_("Cette démarche n’existe pas."))
    definition = found.current.definition
    context: dict[str, Any] = {
        "procedure": found,
        "definition": definition,
        "is_open": found.state == ProcedureState.PUBLISHED,
        "team": found.team,
        "theme": catalogue.theme_words(definition.category),
        "silence": _silence(definition),
        "page_titles": _page_titles(definition),
        "drafts": [(each, sheets.address(each, each.progress.next)) for each in _drafts(request, found)],
        "jsonld": jsonld.government_service(definition, authority, found.team, _address(request, found)),
    }
    return render(request, "portal/procedure.html", context)


def _drafts(request: HttpRequest, found: Procedure) -> list[Filling]:
    return drafts.unfinished(request, authority_of(request), found.slug)


def _silence(definition: Definition) -> str:
    """What the silence of the authority means, in a sentence."""
    duration = periods.words(definition.silence.duration)
    if definition.silence.regime == "accept":
        return _("Sans réponse après %(duration)s, votre demande est acceptée.") % {"duration": duration}
    if definition.silence.regime == "reject":
        return _("Sans réponse après %(duration)s, votre demande est considérée comme refusée.") % {
            "duration": duration
        }
    return ""


def _page_titles(definition: Definition) -> list[str]:
    return [str(page.title) for page in definition.pages]


def _address(request: HttpRequest, found: Procedure) -> str:
    return request.build_absolute_uri(reverse("portal:procedure", args=[found.slug]))
