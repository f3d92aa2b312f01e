"""The frame of every page of « Mon espace »: its tabs. A room with pages for a person adds its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from etoile.design.parts import Choice
from etoile.gru.accounts import sessions
from etoile.gru.portal.space.watch import watch


@dataclass(frozen=True, slots=True)
class Tab:
    """`name`: of its route, without argument; its page is guarded by `person_required`, and drawn by `show`."""

    name: str
    label: str | Promise


_more: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab after ours; said again, nothing changes."""
    if tab not in _more:
        _more.append(tab)


def show(
    request: HttpRequest, template: str, here: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, under the tab named `here`. `template` extends `portal/space/base.html`."""
    tabs = [Choice(str(each.label), reverse(each.name), here=each.name == here) for each in _tabs()]
    ours = {"tabs": tabs, "watch": watch(sessions.current(request))}
    return render(request, template, {**(context or {}), **ours}, status=status)


def tab_of(path: str) -> str:
    """The label of the tab that a page of « Mon espace » is under."""
    under = [each for each in _tabs() if path.startswith(reverse(each.name))]
    return str(max(under or _tabs()[:1], key=lambda each: len(reverse(each.name))).label)


def _tabs() -> list[Tab]:
    own = [
        Tab("portal:space", _("Mes demandes")),
        Tab("portal:space_profile", _("Mes informations")),
        Tab("portal:space_ties", _("Mes proches")),
        Tab("portal:space_safety", _("Ma sécurité")),
    ]
    return [*own, *_more]
