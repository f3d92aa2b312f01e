"""Finding what to do: home, search, catalogue, situations of life."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.gru.content.queries import published
from etoile.gru.portal import catalogue, situations
from etoile.gru.portal.filters import Filters
from etoile.gru.portal.openings import now_in, places_now
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.search import LONGEST

_PLACES_AT_HOME, _NEWS_AT_HOME = 3, 3
_ABOUT_THE_SITE = "ce-site"
# More than a page can show at a glance: the whole catalogue is then told by theme.
_AT_A_GLANCE = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    cards, content, today = catalogue.open_cards(authority), published(authority).content, now_in(authority).date()
    everything = [*cards, *catalogue.guide_cards(content)]
    context = {
        "alert": content.current_alert(today),
        "content": content,
        "most_asked": catalogue.most_asked(authority, cards, content),
        "themes": [each for each in catalogue.themes(everything) if each.slug != _ABOUT_THE_SITE],
        "life_events": situations.groups(cards, content),
        "places": places_now(content.places[:_PLACES_AT_HOME], authority),
        "has_more_places": len(content.places) > _PLACES_AT_HOME,
        "news": content.current_news(today)[:_NEWS_AT_HOME],
    }
    return render(request, "portal/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Procedures, guides, situations, places and news that answer the words of the address."""
    authority = authority_of(request)
    asked = request.GET.get("q", "").strip()[:LONGEST]
    cards, town, today = catalogue.open_cards(authority), published(authority), now_in(authority).date()
    found = catalogue.find(authority, cards, town, asked, today)
    context = {
        "asked": asked,
        "found": found,
        "read_as": [as_read for _typed, as_read in found.corrected],
        "alert": town.content.current_alert(today),
        "most_asked": [] if found.entries else catalogue.most_asked(authority, cards, town.content, limit=4),
    }
    return render(request, "portal/search.html", context)


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue, all of it or what answers the search and the filters; both stay in the address."""
    authority = authority_of(request)
    filters = Filters.of(request.GET)
    cards, town, today = catalogue.open_cards(authority), published(authority), now_in(authority).date()
    everything = [*cards, *catalogue.guide_cards(town.content)]
    found = catalogue.find(authority, cards, town, filters.asked, today).entries if filters.asked else []
    listed = [card for card in found if card.kind in {"procedure", "guide"}]
    address = reverse("portal:procedures")
    kept = filters.keep(listed if filters.asked else catalogue.by_title(everything))
    by_theme = len(kept) == len(everything) > _AT_A_GLANCE and all(card.category for card in kept)
    context = {
        "cards": kept,
        "groups": catalogue.by_theme(kept) if by_theme and not filters.asked else [],
        "asked": filters.asked,
        "filters": filters,
        "fields": filters.fields(catalogue.themes(everything)),
        "removable": filters.removable(address),
        "search_address": f"{reverse('portal:search')}?q={filters.asked}",
        "alert": town.content.current_alert(today),
    }
    return render(request, "portal/catalogue.html", context)


@require_safe
def life_event(request: HttpRequest, slug: str) -> HttpResponse:
    """A situation of life: what to do, then what is good to know."""
    authority = authority_of(request)
    content = published(authority).content
    cards = catalogue.open_cards(authority)
    found = situations.situation(slug, cards, content)
    if found is None:
        raise Http404(_("Cette page n’existe pas."))
    context = {
        "situation": found,
        "others": [each for each in situations.groups(cards, content) if each.slug != slug][:6],
        "alert": content.current_alert(now_in(authority).date()),
    }
    return render(request, "portal/situation.html", context)
