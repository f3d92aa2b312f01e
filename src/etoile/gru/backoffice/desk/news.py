"""What moved on the cases that an agent keeps an eye on."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.design.parts import Cell, TimelineEntry
from etoile.gru.backoffice import reading
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.desk import watching


@dataclass(frozen=True, slots=True)
class News:
    """One watched case; `read` goes back with the button that marks it as read."""

    case: Case
    state: Cell
    entries: list[TimelineEntry]
    more: bool
    read: str


@right_required("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        watching.look_at_all(request.user, _shown(request.POST.getlist("vue")))
        messages.success(request, _("C’est noté. Ce qui bougera ensuite viendra ici."))
        return redirect("backoffice:news")
    return render(
        request, "backoffice/desk/news.html", {"news": [_news(each) for each in watching.moved(scope_of(request.user))]}
    )


def _news(moved: watching.Moved) -> News:
    case = moved.case
    return News(
        case=case,
        state=reading.state_cell(case),
        entries=[reading.entry(case, row) for row in moved.rows],
        more=moved.more,
        read=f"{case.pk}:{case.history_number}",
    )


def _shown(values: list[str]) -> list[tuple[UUID, int]]:
    """What the page said it showed; what is not written so is left out."""
    found = []
    for text in values[: watching.MOST]:
        case, _colon, number = text.partition(":")
        try:
            found.append((UUID(case), int(number)))
        except ValueError:
            continue
    return found
