"""A form that changes the draft: shown, checked, kept; shown again with all that was typed when it is refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from etoile.gru.designer.desk import Desk, desk_of
from etoile.gru.designer.hints import hints
from etoile.gru.forms.editing.errors import EditRefused

Kept = Callable[[], str]


def acted(
    request: HttpRequest, desk: Desk, form: forms.Form, template: str, keep: Kept, said: str, **shown: Any
) -> HttpResponse:
    """`keep` does the change and gives the address that follows; `said` is what the next page says of it.

    A draft changed elsewhere meanwhile is read again: what was typed stays, and a second sending is made on purpose.
    """
    if request.method == "POST" and form.is_valid():
        try:
            address = keep()
        except EditRefused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem)
            desk = desk_of(request.user, desk.slug)
        else:
            notes.success(request, said)
            return redirect(address)
    if "here" in shown and "advice" not in shown:
        shown["advice"] = hints(desk.definition).get(shown["here"], [])
    context = {"desk": desk, "form": form, "refused": form if form.errors else None, **shown}
    return render(request, template, context, status=422 if form.errors else 200)
