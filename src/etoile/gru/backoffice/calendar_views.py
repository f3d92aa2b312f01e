"""The days on which an answer is due, month by month; each opens its list."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from etoile.design import calendar
from etoile.design.moments import spelled
from etoile.design.parts import Cell, Table
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases.lists import groups
from etoile.gru.cases.lists.scope import scope_of

# A month further than this is an address typed by hand.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@agent_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    today = request.user.authority.today()
    first = _asked(request.GET.get("mois", "")) or today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    due = groups.due_by_day(scope_of(request.user), first, following - timedelta(days=1))
    shown = {
        "month": calendar.month(
            first,
            free={day: _list_of(day) for day in due},
            today=today,
            previous_href=_address(first - timedelta(days=1)),
            next_href=_address(following),
        ),
        "table": _table(due, today),
        "first": first,
    }
    return render(request, "backoffice/calendar.html", shown)


def _asked(text: str) -> date | None:
    """A month as an address says it: `2027-01`."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _address(day: date) -> str:
    return f"?mois={day:%Y-%m}"


def _list_of(day: date) -> str:
    return f"{reverse('backoffice:inbox')}?onglet=a-traiter&jour={day.isoformat()}"


def _table(due: dict[date, int], today: date) -> Table:
    rows = [
        (
            Cell(spelled(day, "l j F"), href=_list_of(day)),
            Cell(
                ngettext("%(n)s demande", "%(n)s demandes", number) % {"n": number},
                tone="danger" if day < today else "warning" if (day - today).days <= groups.SOON else "neutral",
            ),
        )
        for day, number in sorted(due.items())
    ]
    empty = _("Aucune réponse n’est attendue ce mois-ci.")
    return Table(_("Jours où une réponse est attendue"), [_("Jour"), _("À répondre")], rows, empty)
