"""From the data of a workflow to its shape."""

from collections.abc import Set

from etoile.gru.access.models import Role
from etoile.gru.forms.field_parsing import IDENTIFIER
from etoile.gru.forms.reader import SLUG, Reader
from etoile.gru.forms.rules import Wording
from etoile.gru.forms.workflow import shapes
from etoile.gru.forms.workflow.shapes import Move, Situation, Timer, Workflow


def read_workflow(r: Reader) -> Workflow:
    """`transitions`, when given, are all the moves of the agents; without them the usual ones are there."""
    states = {}
    for name, each in r.named("states"):
        states[name] = Situation(each.text("label"), each.text("explanation"))
        if name not in (*shapes.STATES, *shapes.SUBSTATES):
            each.problem("", f"état inconnu : choisir parmi {', '.join((*shapes.STATES, *shapes.SUBSTATES))}")
        each.nothing_else()
    moves = tuple(_move(each) for each in r.each("transitions"))
    timers = tuple(_timer(each) for each in r.each("timers"))
    r.nothing_else()
    if not (states or moves or timers):
        return shapes.USUAL
    return Workflow(states, moves or shapes.USUAL_MOVES, timers)


def _move(r: Reader) -> Move:
    identifier = r.word("id", pattern=IDENTIFIER, required=True)
    origins = frozenset(r.words("from", among=shapes.STATES))
    target = r.word("to", among=shapes.STATES, required=True)
    verb = verb_of(origins, target)
    if not origins:
        r.problem("from", "dites de quels états cette étape part")
    elif not verb:
        r.problem("to", "aucune étape d'un agent ne va de là à cet état (une demande terminée ne fait que rouvrir)")
    elif identifier in shapes.RULED and identifier != verb:
        r.problem("id", f"« {identifier} » est le nom d'une autre étape : celle-ci est « {verb} »")
    read = Move(
        id=identifier,
        verb=verb,
        origins=origins,
        target=target,
        label=r.text("label"),
        done=r.text("done"),
        who=tuple(r.words("who", among=Role.values)),
        when=r.condition("when"),
        reason=r.flag("reason"),
        waits_for=r.word("waits_for", among=(shapes.OPINION_ASKED, shapes.PAYMENT_DUE)),
        message=_wording(r),
        documents=tuple(r.words("documents")),
        team=r.word("team", pattern=SLUG),
    )
    r.nothing_else()
    return read


def verb_of(origins: Set[str], target: str) -> str:
    """The verb of the fixed table that makes this move; empty when there is none."""
    if target in shapes.DECIDING:
        return shapes.DECIDING[target] if origins <= set(shapes.OPEN) else ""
    if target != shapes.IN_PROGRESS:
        return ""
    if origins == {shapes.SUBMITTED}:
        return "start"
    if origins <= set(shapes.OPEN):
        return "step"
    return "reopen" if origins <= set(shapes.FINAL) else ""


def _timer(r: Reader) -> Timer:
    read = Timer(
        id=r.word("id", pattern=IDENTIFIER, required=True),
        after=r.duration("after"),
        origins=frozenset(r.words("from", among=shapes.OPEN)) or frozenset(shapes.OPEN),
        waiting=r.word("waiting", among=shapes.SUBSTATES),
        do=r.word("do", among=shapes.ACTIONS, required=True),
        team=r.word("team", pattern=SLUG),
        reason=r.text("reason"),
        message=_wording(r),
    )
    r.nothing_else()
    return read


def _wording(r: Reader) -> Wording | None:
    if not r.has("message"):
        return None
    inner = r.inside("message")
    read = Wording(inner.text("subject"), inner.text("body"))
    inner.nothing_else()
    return read
