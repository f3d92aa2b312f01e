"""The workflow of a procedure, by forms: what the states are called, who moves a request, what time does."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.access.models import Role
from etoile.gru.designer.acting import acted
from etoile.gru.designer.desk import Desk, on_draft, on_procedure
from etoile.gru.designer.durations import said
from etoile.gru.designer.outline import labels
from etoile.gru.designer.routing_form import teams
from etoile.gru.designer.words import initial
from etoile.gru.designer.workflow_form import (
    ACTIONS,
    STATES,
    USUAL,
    WAITS,
    MoveForm,
    StateForm,
    TimerForm,
    usual_moves,
)
from etoile.gru.forms.editing.questions import set_procedure
from etoile.gru.forms.editing.source import Node
from etoile.gru.forms.sentences import sentence
from etoile.gru.forms.texts import Text

PAGE = ["GET", "HEAD", "POST"]
NEW = "nouveau"
# The word of the address, the key of the source.
LISTS = {"passages": "transitions", "echeances": "timers"}


@on_procedure
@require_safe
def workflow(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One statement: the names of the teams."""
    source = _workflow(desk)
    names, fields = dict(teams(desk.procedure.authority)), labels(desk.definition)
    moves = source.get("transitions") or usual_moves()
    shown = {
        "desk": desk,
        "states": [(name, words, _named(source, name)) for name, words in (STATES | WAITS).items()],
        "moves": [_move(each, names, sentence(each.get("when"), fields)) for each in moves],
        "own": bool(source.get("transitions")),
        "timers": [_timer(each, names) for each in source.get("timers") or []],
        "has_questions": bool(fields),
    }
    return render(request, "designer/workflow.html", shown)


def _named(source: Node, state: str) -> str:
    return str(Text.of(((source.get("states") or {}).get(state) or {}).get("label")))


def title_of(node: Node) -> str:
    """The words of the button of a move."""
    return str(Text.of(node.get("label"))) or str(USUAL.get(str(node.get("id")), node.get("id")))


def _move(node: Node, names: dict[str, str], when: str) -> dict[str, Any]:
    origins = _(" ou ").join(str(STATES[state]).lower() for state in node.get("from") or ())
    facts = [
        _("Qui : %(roles)s") % {"roles": ", ".join(str(Role(role).label) for role in node["who"])}
        if node.get("who")
        else "",
        _("Un motif est demandé") if node.get("reason") else "",
        str(WAITS[node["waits_for"]]) if node.get("waits_for") else "",
        _("Des pièces sont demandées") if node.get("documents") else "",
        _("Un message part à la personne") if node.get("message") else "",
        _("Confiée à : %(team)s") % {"team": names.get(node["team"], node["team"])} if node.get("team") else "",
    ]
    path = _("De « %(origins)s » à « %(to)s »") % {"origins": origins, "to": str(STATES[node["to"]]).lower()}
    return {"words": title_of(node), "path": path, "facts": [each for each in facts if each], "when": when}


def _timer(node: Node, names: dict[str, str]) -> dict[str, str]:
    waiting = str(WAITS[node["waiting"]]) if node.get("waiting") else _("Rien de particulier n’est attendu")
    words = _("Au bout de %(time)s") % {"time": said(str(node.get("after", "")))}
    team = names.get(str(node.get("team", "")), "")
    return {"words": words, "waiting": waiting, "does": str(ACTIONS[node["do"]]), "team": team}


@on_draft
@require_http_methods(PAGE)
def state(request: HttpRequest, desk: Desk, state: str) -> HttpResponse:
    if state not in STATES | WAITS:
        raise Http404(_("Cette page n’existe pas."))
    source = _workflow(desk)
    states = dict(source.get("states") or {})
    begun = initial(states.get(state) or {}, "label", "explanation")
    form = StateForm(request.POST if request.method == "POST" else None, initial=begun)

    def keep() -> str:
        _write(request, desk, {"states": {**states, state: form.values()}})
        return home(desk)

    shown = {"title": str((STATES | WAITS)[state]), **_back(desk)}
    return acted(request, desk, form, "designer/workflow_part.html", keep, _("C’est enregistré."), **shown)


@on_draft
@require_http_methods(PAGE)
def move(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    moves = _workflow(desk).get("transitions") or usual_moves()
    node = _at(moves, number)
    form = MoveForm(desk, node, request.POST if request.method == "POST" else None)
    title = title_of(node) if node else _("Ajouter une étape")
    return _part(request, desk, form, "transitions", moves, number, title)


@on_draft
@require_http_methods(PAGE)
def timer(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    timers = list(_workflow(desk).get("timers") or [])
    node = _at(timers, number)
    form = TimerForm(desk, node, request.POST if request.method == "POST" else None)
    return _part(
        request, desk, form, "timers", timers, number, _("Une échéance") if node else _("Ajouter une échéance")
    )


def _part(
    request: HttpRequest,
    desk: Desk,
    form: MoveForm | TimerForm,
    key: str,
    listed: list[Node],
    number: str,
    title: str,
) -> HttpResponse:
    def keep() -> str:
        source = _workflow(desk)
        taken = [str(each.get("id")) for name in LISTS.values() for each in source.get(name) or []]
        made = form.values(taken)
        at = len(listed) if number == NEW else int(number)
        _write(request, desk, {key: [*listed[:at], made, *listed[at + 1 :]]})
        return home(desk)

    shown = {"title": title, **_back(desk)}
    return acted(request, desk, form, "designer/workflow_part.html", keep, _("C’est enregistré."), **shown)


@on_draft
@require_POST
def remove(request: HttpRequest, desk: Desk, kind: str, number: int) -> HttpResponse:
    key = LISTS.get(kind)
    if key is None:
        raise Http404(_("Cette page n’existe pas."))
    usual = usual_moves() if key == "transitions" else []
    listed = list(_workflow(desk).get(key) or usual)
    _write(request, desk, {key: [each for at, each in enumerate(listed) if at != number]})
    notes.success(request, _("C’est retiré. Le plan permet d’annuler."))
    return redirect(home(desk))


@on_draft
@require_POST
def usual(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The usual moves again; the words and the timers stay."""
    _write(request, desk, {"transitions": None})
    notes.success(request, _("Les étapes habituelles sont reprises. Le plan permet d’annuler."))
    return redirect(home(desk))


def home(desk: Desk) -> str:
    return reverse("designer:workflow", args=[desk.slug])


def _back(desk: Desk) -> dict[str, Any]:
    return {"back": home(desk), "back_words": _("Revenir aux étapes"), "here": ""}


def _workflow(desk: Desk) -> Node:
    return dict(desk.version.source.get("workflow") or {})


def _write(request: HttpRequest, desk: Desk, changes: Node) -> None:
    merged = {**_workflow(desk), **changes}
    if "states" in merged:
        merged["states"] = {name: words for name, words in (merged["states"] or {}).items() if words}
    kept = {key: value for key, value in merged.items() if value}
    set_procedure(desk.edit(request), {"workflow": kept or None}, verb="workflow_changed")


def _at(listed: list[Node], number: str) -> Node:
    if number == NEW:
        return {}
    if not number.isdecimal() or int(number) >= len(listed):
        raise Http404(_("Cette page n’existe pas."))
    return listed[int(number)]
