"""The pages the law and good manners want, made from the authority's record and from the register of processing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from etoile.design.statement.view import view
from etoile.gru.access import page_texts, statements
from etoile.gru.access.models import Product
from etoile.gru.access.page_texts import Page
from etoile.gru.portal import catalogue, processing
from etoile.gru.portal import eco_design as eco
from etoile.gru.portal.requests import authority_of


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    town = authority_of(request)
    record = statements.record_of(town, Product.PORTAL, request.build_absolute_uri(reverse("portal:home")))
    return render(request, "portal/accessibility.html", {"statement": view(record, town.today())})


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/legal_notice.html", {"town": authority_of(request), **_own(request, Page.LEGAL_NOTICE)}
    )


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    shown = {"town": authority, "records": processing.records(authority), **_own(request, Page.PERSONAL_DATA)}
    return render(request, "portal/personal_data.html", shown)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    cards = catalogue.open_cards(authority_of(request))
    return render(request, "portal/site_map.html", {"groups": catalogue.by_theme(cards)})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html", {"town": authority_of(request), **_own(request, Page.HELP)})


@require_safe
def eco_design(request: HttpRequest) -> HttpResponse:
    declared = eco.declaration()
    shown = {"town": authority_of(request), "eco": declared, "weights": eco.weights_table(declared)} | _own(
        request, Page.ECO_DESIGN
    )
    return render(request, "portal/eco_design.html", shown)


def _own(request: HttpRequest, page: Page) -> dict[str, list[page_texts.Block]]:
    """The authority's own words for a page, if it wrote some."""
    return {"own_words": page_texts.blocks(authority_of(request), page, get_language())}
