"""What the town says of itself: places and their hours, guides, news, how to reach it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.gru.content.queries import published
from etoile.gru.portal import catalogue
from etoile.gru.portal.openings import changes, now_in, places_now, week
from etoile.gru.portal.requests import authority_of


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Every place, with its hours: now, in the week, and the coming days that are not as usual."""
    authority = authority_of(request)
    content = published(authority).content
    shown = [
        (each, week(each.place.hours) if each.place.hours else [], changes(each.place.hours, authority))
        for each in places_now(content.places, authority)
    ]
    context = {"places": shown, "town": authority, "alert": content.current_alert(now_in(authority).date())}
    return render(request, "portal/places.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """What is done at the counter, by phone or on another site."""
    authority = authority_of(request)
    content = published(authority).content
    found = content.guide(slug)
    if found is None:
        raise Http404(_("Cette page n’existe pas."))
    place = content.place(found.place)
    context = {
        "guide": found,
        "theme": catalogue.theme_words(found.category) if found.category else "",
        "places": places_now([place] if place else [], authority),
        "alert": content.current_alert(now_in(authority).date()),
    }
    return render(request, "portal/guide.html", context)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    content, today = published(authority).content, now_in(authority).date()
    context = {"news": content.current_news(today), "alert": content.current_alert(today)}
    return render(request, "portal/news.html", context)


@require_safe
def news_item(request: HttpRequest, slug: str) -> HttpResponse:
    authority = authority_of(request)
    content, today = published(authority).content, now_in(authority).date()
    found = next((each for each in content.current_news(today) if each.id == slug), None)
    if found is None:
        raise Http404(_("Cette actualité n’est plus en ligne."))
    return render(request, "portal/news_item.html", {"item": found, "alert": content.current_alert(today)})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where to come, call and write: the town hall, then each service and where it is met."""
    authority = authority_of(request)
    content = published(authority).content
    open_now = {each.place.id: each for each in places_now(content.places, authority)}
    teams = [
        (team, [open_now[place.id] for place in content.places_of_team(team.slug)])
        for team in authority.teams.order_by("name")
    ]
    context = {
        "town": authority,
        "teams": teams,
        "places": list(open_now.values()),
        "alert": content.current_alert(now_in(authority).date()),
    }
    return render(request, "portal/contact.html", context)
