"""What an agent does next with a case: one sentence, and the moves open to them, the main one first."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.backoffice.listing import Deadline
from etoile.gru.cases.models import DocumentRequest, Handoff, Message
from etoile.gru.cases.states import DECISION_VERBS, State, Substate
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.cases.workflow.steps import TAKEN
from etoile.gru.forms.workflow.shapes import PAYMENT_DUE, Move

# The acts whose form is opened by an address: `?faire=decider`.
DECIDE, ASK, PAY, HAND_OVER, REOPEN = "decider", "pieces", "paiement", "transmettre", "rouvrir"
ACTS = (DECIDE, ASK, PAY, HAND_OVER, REOPEN)
# On pages of their own.
CORRECT, CONSULT = "corriger", "consulter"
# A step of the procedure that wants a reason: `?faire=etape-commission`.
STEP = "etape-"
# Pressed alone (`keys.js`); the list is on each page, under « Au clavier ».
KEYS = {DECIDE: "d", ASK: "m", HAND_OVER: "t"}
UNDER_WAY = {Handoff.State.WAITING, Handoff.State.SENT, Handoff.State.ACKNOWLEDGED}


@dataclass(frozen=True, slots=True)
class Act:
    """One move: its words, where it leads. `is_post`: it is done at once, by a form that holds nothing but a button."""

    words: str
    href: str
    icon: str = ""
    variant: str = "secondary"
    is_post: bool = False
    here: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """`what` the case waits for, and `why` or until when; `tone` is that of a badge."""

    what: str
    why: str
    tone: str
    acts: tuple[Act, ...]


def next_step(view: AgentCase, deadline: Deadline | None, opened: str = "") -> NextStep:
    """`opened` is the act whose form is on the page: it is marked, the others stay at hand."""
    what, why, tone, main = _said(view, deadline)
    acts = sorted(_acts(view, main, opened), key=lambda act: act.variant != "primary")
    return NextStep(what, why, tone, tuple(acts))


def _said(view: AgentCase, deadline: Deadline | None) -> tuple[str, str, str, str]:
    """The sentence, its reason, its tone, and the main move: an act, `start`, `write`, or none when one only waits."""
    case = view.case
    until = _before(deadline)
    asked = next((each for each in reversed(view.requests) if each.state == DocumentRequest.State.OPEN), None)
    if not case.is_open:
        return _("Cette demande est terminée. Rien n’est attendu de vous."), "", "neutral", ""
    if any(each.author == Message.Author.PERSON and each.read_at is None for each in view.messages):
        return _("La personne vous a écrit. Lisez son message et répondez-lui."), until, "warning", "write"
    if "start" in view.verbs:
        return _("Personne ne suit encore cette demande. Prenez-la en charge."), until, "info", "start"
    if asked is not None:
        day = spelled(asked.deadline, "j F Y")
        wanted = (
            _("La personne doit corriger : %(names)s.")
            if asked.is_correction
            else _("La personne doit envoyer : %(names)s.")
        )
        said = wanted % {"names": ", ".join(asked.awaited_names)}
        return said, _("Elle a jusqu’au %(day)s.") % {"day": day}, "warning", ""
    if case.substate == Substate.PAYMENT_DUE:
        return _("La personne doit payer. La demande reprendra ensuite."), until, "warning", ""
    if case.substate == Substate.OPINION_ASKED:
        return _("Un avis est attendu. La demande reprendra ensuite."), until, "progress", ""
    carried = [each.application_name or each.application for each in view.handoffs if each.state in UNDER_WAY]
    if carried:
        said = _("%(application)s traite cette demande. Sa réponse arrivera ici.") % {"application": carried[-1]}
        return said, until, "progress", ""
    if _unfollowed(view):
        return _("Personne ne suit cette demande. Prenez-la en charge."), until, "info", "start"
    if "cases.decide" in view.rights and not _decisions(view) and any(each.verb in TAKEN for each in view.moves):
        return _("La demande est complète. Faites l’étape suivante."), until, "progress", ""
    return _("La demande est complète. À vous de décider."), until, "progress", DECIDE


def _before(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    words = {"day": deadline.day, "left": deadline.words, "effect": deadline.effect}
    return _("À répondre avant le %(day)s : %(left)s, %(effect)s.") % words


def _acts(view: AgentCase, main: str, opened: str) -> list[Act]:
    here = reverse("backoffice:case", args=[view.case.pk])
    correct, consult = (reverse(f"backoffice:{name}", args=[view.case.pk]) for name in ("corrections", "opinions"))
    told = {
        DECIDE: ("accept", _("Décider"), f"{here}?faire={DECIDE}#agir", "check"),
        ASK: ("wait", _("Demander des pièces"), f"{here}?faire={ASK}#agir", "document"),
        PAY: ("wait", _("Demander un paiement"), f"{here}?faire={PAY}#agir", "euro"),
        CORRECT: ("wait", _("Faire corriger"), correct, "edit"),
        CONSULT: ("opinion_asked", _("Demander un avis"), consult, "message"),
        HAND_OVER: ("transmit", _("Transmettre"), f"{here}?faire={HAND_OVER}#agir", "send"),
        REOPEN: ("reopen", _("Rouvrir"), f"{here}?faire={REOPEN}#agir", "retry"),
    }
    acts = [
        *([_taking_up(view, main)] if _unfollowed(view) else []),
        *_steps(view, main, opened),
        *(
            Act(words, href, icon, "primary" if key == main else "secondary", here=key == opened, key=KEYS.get(key, ""))
            for key, (verb, words, href, icon) in told.items()
            if (verb in view.verbs if key != DECIDE else _decisions(view)) and (key != PAY or _may_cost(view))
        ),
    ]
    if view.case.is_open and "cases.treat" in view.rights:
        variant = "primary" if main == "write" else "secondary"
        acts.append(Act(_("Répondre") if main == "write" else _("Écrire"), "#message", "message", variant, key="r"))
    return acts


def _unfollowed(view: AgentCase) -> bool:
    """Under way, handed over to a team that has not taken it up: no step of the procedure does it any more."""
    case = view.case
    carried = any(each.state in UNDER_WAY for each in view.handoffs)
    return case.state == State.IN_PROGRESS and not case.assignee_id and not carried and "cases.treat" in view.rights


def _taking_up(view: AgentCase, main: str) -> Act:
    href = reverse("backoffice:start", args=[view.case.pk])
    variant = "primary" if main == "start" else "secondary"
    return Act(_("Prendre en charge"), href, "user", variant, is_post=True, key="c")


def _steps(view: AgentCase, main: str, opened: str) -> list[Act]:
    """The steps of the procedure that are no decision: done at once, or after a reason is written."""
    acts = []
    for move in view.moves:
        if move.verb not in TAKEN:
            continue
        # The first that takes the case up is the main one.
        is_main = move.verb == main == "start" and not any(each.variant == "primary" for each in acts)
        variant, icon = "primary" if is_main else "secondary", "user" if move.verb == "start" else "check"
        words = str(move.label) or _("Prendre en charge")
        pressed = "c" if move.verb == "start" and not any(each.key for each in acts) else ""
        key = f"{STEP}{move.id}"
        if move.reason:
            href = f"{reverse('backoffice:case', args=[view.case.pk])}?faire={key}#agir"
            acts.append(Act(words, href, icon, variant, here=key == opened, key=pressed))
        elif move.is_usual:
            acts.append(
                Act(words, reverse("backoffice:start", args=[view.case.pk]), icon, variant, is_post=True, key=pressed)
            )
        else:
            href = reverse("backoffice:step", args=[view.case.pk, move.id])
            acts.append(Act(words, href, icon, variant, is_post=True, key=pressed))
    return acts


def _may_cost(view: AgentCase) -> bool:
    """A procedure that has a price, or a step that waits for a payment; and nothing is due yet."""
    definition = view.case.procedure_version.definition
    costs = definition.price.rules or any(each.waits_for == PAYMENT_DUE for each in definition.workflow.moves)
    told = {row.detail["payment"]: row.detail["fee"] for row in view.history if "payment" in row.detail}
    return bool(costs) and "due" not in told.values()


def _decisions(view: AgentCase) -> bool:
    return any(verb in view.verbs for verb in DECISION_VERBS.values())


def asked_step(view: AgentCase, opened: str) -> Move | None:
    """The step whose form an address opens: one that wants a reason, and is open now."""
    name = opened.removeprefix(STEP) if opened.startswith(STEP) else ""
    return next((each for each in view.moves if each.id == name and each.reason and each.verb in TAKEN), None)
