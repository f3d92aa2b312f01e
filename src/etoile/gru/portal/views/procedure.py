"""The page of one procedure: all there is to know before starting it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from etoile.gru.content.queries import published
from etoile.gru.filling import estimate, prefill_links
from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.filling.opened import Filling
from etoile.gru.forms import periods
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureState
from etoile.gru.forms.queries import known_procedure
from etoile.gru.portal import catalogue, drafts, jsonld, sheets, themes, usual
from etoile.gru.portal.openings import now_in, places_now
from etoile.gru.portal.requests import authority_of


@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    authority = authority_of(request)
    found = known_procedure(authority, slug)
    if found is None or found.current is None:
        raise Http404(_("Cette démarche n’existe pas."))
    definition, content = found.current.definition, published(authority).content
    address = request.build_absolute_uri(reverse("portal:procedure", args=[found.slug]))
    context: dict[str, Any] = {
        "procedure": found,
        "definition": definition,
        "is_open": found.state == ProcedureState.PUBLISHED,
        "team": found.team,
        "places": places_now(content.places_of_team(found.team.slug), authority),
        "theme": catalogue.theme_words(definition.category),
        "audience": [themes.AUDIENCES[each] for each in definition.audience if each in themes.AUDIENCES],
        "silence": _silence(definition),
        "usual_delay": usual.delay(found, authority),
        "rating": usual.rating(found),
        "documents": documents_of(definition),
        "length": _length(definition),
        "start": reverse("portal:start", args=[found.slug]),
        "drafts": [(each, sheets.address(each, each.progress.next)) for each in _drafts(request, found)],
        "jsonld": jsonld.government_service(definition, authority, found.team, address),
        "alert": content.current_alert(now_in(authority).date()),
    }
    return render(request, "portal/procedure.html", context | _prefill(request, found))


def _prefill(request: HttpRequest, found: Procedure) -> dict[str, str]:
    """The link that was followed, to be given back when the form is started; or why it is of no use."""
    given = request.GET.get(prefill_links.NAME, "")
    if not given:
        return {}
    try:
        prefill_links.told(found, given)
    except prefill_links.LinkRefused as refusal:
        return {"prefill_refused": str(refusal)}
    start = reverse("portal:start", args=[found.slug])
    return {"prefill": given, "start": f"{start}?{urlencode({prefill_links.NAME: given})}"}


def _drafts(request: HttpRequest, found: Procedure) -> list[Filling]:
    return drafts.unfinished(request, authority_of(request), found.slug)


def documents_of(definition: Definition) -> dict[str, list[Any]]:
    """The papers to have: to bring, useful, and what the administration obtains by itself."""
    ours = [each for each in definition.documents if each.obtainable_from]
    yours = [each for each in definition.documents if not each.obtainable_from]
    return {
        "needed": [each for each in yours if each.indispensable],
        "useful": [each for each in yours if not each.indispensable],
        "obtained": ours,
    }


def _length(definition: Definition) -> str:
    """Counted from the questions that everyone meets (conditions hide some), and the pages."""
    evaluated = Evaluated(definition, {})
    met = [page for page in definition.pages if evaluated.sections(page)]
    # The last step is where one reads again and sends.
    pages = len(met) + 1
    steps = ngettext("%(n)d étape", "%(n)d étapes", pages) % {"n": pages}
    minutes = estimate.minutes(evaluated, met)
    lasting = ngettext("environ %(n)d minute", "environ %(n)d minutes", minutes) % {"n": minutes}
    return f"{steps}, {lasting}"


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
