"""A file that leaves as soon as it is chosen, while the person goes on answering (enhance.js). Without a script it
leaves with the page, by its button."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from etoile.design.fields import FieldView
from etoile.gru.filling.live import Node
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.definition import Page
from etoile.gru.portal import saving, sheets

# Names the question; said again in the answer, so that no other page is taken for it.
ASKED = "X-Joining"


def answer(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """The question drawn again with its files (200), or with what is wrong (422). Nothing else of the page is kept."""
    refused = saving.attach(request, filling, here)
    name = request.headers[ASKED]
    drawn = [view for part in sheets.parts(here, filling, refused) for view in _every(part.fields)]
    found = next((view for view in drawn if view.name == name and view.widget == "file"), None)
    if found is None:
        return HttpResponse(status=400)
    response = render(
        request, "portal/_node.html", {"node": Node("", "", view=found)}, status=422 if refused else 200
    )  # fmt: skip
    response[ASKED] = "yes"
    return response


def _every(views: Iterable[FieldView]) -> Iterator[FieldView]:
    for view in views:
        yield view
        for row in view.blocks:
            yield from _every(row.fields)
