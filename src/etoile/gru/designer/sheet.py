"""A sheet of a procedure: a form on some of its keys for whoever may change the draft, the same read for the others."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.design.parts import SummaryRow
from etoile.gru.designer.acting import acted
from etoile.gru.designer.desk import Desk
from etoile.gru.designer.words import Worded
from etoile.gru.forms.editing.questions import set_procedure


class Sheet(Worded):
    """`verb` is the one of the history; `values` the keys of the procedure that the form writes, empty ones go."""

    verb = "presentation_changed"

    def values(self) -> dict[str, Any]:
        raise NotImplementedError


def shown(
    request: HttpRequest, desk: Desk, form: Sheet, template: str, said: str, *, title: str = "", **more: Any
) -> HttpResponse:
    """The page of a sheet. What was typed stays when the draft was changed elsewhere meanwhile.

    `said` is what the page says once it is saved; `title` heads it for whoever only reads."""
    if not desk.editable:
        if request.method == "POST":
            raise PermissionDenied
        read = {"desk": desk, "rows": rows(form), "title": title, **more}
        return render(request, "designer/sheet_read.html", read)

    def keep() -> str:
        set_procedure(desk.edit(request), form.values(), verb=form.verb)
        return request.path

    return acted(request, desk, form, template, keep, said, **more)


def address(route: str, slug: str, *rest: str) -> str:
    return reverse(f"designer:{route}", args=[slug, *rest])


def rows(form: forms.Form) -> list[SummaryRow]:
    """What a form shows, without its controls."""
    return [SummaryRow(str(bound.label), _values(bound)) for bound in form if not bound.is_hidden]


def _values(bound: forms.BoundField) -> list[str]:
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        names = {str(key): str(words) for key, words in choices}
        given: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
        return [names[str(each)] for each in given if str(each) in names and each not in (None, "")]
    if isinstance(value, bool):
        return [_("oui") if value else _("non")]
    return [str(value)] if value not in (None, "") else []


def put(node: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a set of properties with these; what is empty is not written."""
    merged = {**node, **changes}
    return {key: value for key, value in merged.items() if value not in (None, "", [], {}, False)}
