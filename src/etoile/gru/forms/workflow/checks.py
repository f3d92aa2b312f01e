"""What makes a workflow impossible to follow: doubles, states nothing leads to, roles that cannot, empty effects."""

from collections import Counter
from collections.abc import Iterator

from etoile.gru.access.models import Role
from etoile.gru.access.rights import RIGHTS, Right
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.rules import Wording
from etoile.gru.forms.workflow import shapes
from etoile.gru.forms.workflow.shapes import Move, Timer, Workflow
from etoile.gru.notices import tags

# The notices that take the words of a move and of a timer.
MOVED, REMINDED = "status_changed", "reminder"


def right_of(verb: str) -> Right:
    """The right that a verb asks for."""
    return "cases.decide" if verb in shapes.DECIDING.values() or verb == "reopen" else "cases.treat"


def check_workflow(definition: Definition) -> Iterator[str]:
    """In French, each with the step it is about."""
    workflow = definition.workflow
    identifiers = Counter(each.id for each in (*workflow.moves, *workflow.timers))
    yield from (f"étape « {name} » : définie {count} fois" for name, count in identifiers.items() if count > 1)
    if workflow is shapes.USUAL:
        return
    if definition.treatment == "team" and not any(each.verb in shapes.DECIDING.values() for each in workflow.moves):
        yield "workflow : aucune étape ne termine la demande"
    reached = _reached(definition)
    for move in workflow.moves:
        yield from (f"étape « {move.id} » : {words}" for words in _move(definition, move, reached))
    for timer in workflow.timers:
        yield from (f"échéance « {timer.id} » : {words}" for words in _timer(definition, timer))


def _reached(definition: Definition) -> set[str]:
    """The states a request may be in: agents, the person, the clock, and applications lead there."""
    if definition.treatment != "team":
        return set(shapes.STATES)
    found = {*shapes.OPEN, shapes.WITHDRAWN, *(each.target for each in definition.workflow.moves)}
    found |= {shapes.CLOSED for each in definition.workflow.timers if each.do == shapes.CLOSE}
    return found | ({shapes.ACCEPTED} if definition.silence.regime == "accept" else set())


def _move(definition: Definition, move: Move, reached: set[str]) -> Iterator[str]:
    if not move.is_usual and not move.label:
        yield "il manque les mots de son bouton (label)"
    yield from (f"part de « {state} », où rien ne mène" for state in sorted(move.origins - reached))
    right = right_of(move.verb)
    roles = (role for role in move.who if role in Role.values and right not in RIGHTS[Role(role)])
    yield from (f"le rôle « {role} » n'a pas ce droit ({right})" for role in roles)
    if move.verb not in ("start", "step") and (move.waits_for or move.message or move.documents or move.team):
        yield "une décision ou une réouverture a son propre courrier : ni attente, ni message, ni pièces, ni service"
    if move.documents and move.waits_for:
        yield "demander des pièces est déjà une attente : « waits_for » est de trop"
    listed = {each.id for each in definition.documents}
    yield from (f"pièce inconnue « {name} »" for name in move.documents if name not in listed)
    for name in sorted(_references(move)):
        each = definition.field(name)
        if each is not None and each.type in TYPES and TYPES[each.type].holds_files:
            yield f"« {name} » est un fichier : une étape ne regarde que des réponses"
    yield from _words(move.message, MOVED)


def _references(move: Move) -> frozenset[str]:
    """Nothing when the condition cannot be read: `dependencies` says so."""
    try:
        return move.when.compiled.references if move.when is not None else frozenset()
    except ValueError:
        return frozenset()


def _timer(definition: Definition, timer: Timer) -> Iterator[str]:
    if not any(character in "123456789" for character in timer.after):
        yield "il manque sa durée (after), par exemple P15D"
    if timer.do == shapes.ESCALATE and not timer.team:
        yield "il manque le service qui reprend la demande (team)"
    if timer.do != shapes.ESCALATE and timer.team:
        yield "« team » ne va qu'avec « escalate »"
    if timer.do == shapes.CLOSE and timer.waiting not in shapes.OF_THE_PERSON:
        yield (
            "une demande n'est classée que si la personne ne répond pas : waiting est"
            f" {' ou '.join(shapes.OF_THE_PERSON)}"
        )
    if timer.do == shapes.CLOSE and not timer.reason:
        yield "il manque le motif du classement (reason), que la personne lira"
    if timer.waiting and definition.treatment == "team" and timer.waiting not in _waited(definition.workflow):
        yield f"aucune étape ne met la demande en attente de « {timer.waiting} »"
    if timer.message is not None and (timer.do != shapes.REMIND or timer.waiting not in shapes.OF_THE_PERSON):
        yield "« message » est ce qu'un rappel dit à la personne : do est remind, et waiting ce qu'elle doit faire"
    yield from _words(timer.message, REMINDED)


def _waited(workflow: Workflow) -> set[str]:
    always = {shapes.DOCUMENTS_ASKED, shapes.TRANSFERRED}
    return always | {each.waits_for for each in workflow.moves if each.waits_for}


def _words(wording: Wording | None, template: str) -> Iterator[str]:
    if wording is None:
        return
    written = [text for part in (wording.subject, wording.body) for text in part.raw().values()]
    unknown = dict.fromkeys(tag for text in written for tag in tags.unknown_tags(template, text))
    yield from (f"message : la balise « {tag} » n'existe pas" for tag in unknown)
