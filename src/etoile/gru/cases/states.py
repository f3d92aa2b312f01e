"""The states of a case and the table of the moves between them."""

from collections.abc import Set
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a case stands. A draft is not a case yet: it lives in `filling`."""

    SUBMITTED = "submitted", _("reçue")
    IN_PROGRESS = "in_progress", _("en cours")
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("refusée")
    CLOSED = "closed", _("classée")
    WITHDRAWN = "withdrawn", _("retirée")


class Substate(models.TextChoices):
    """What an open case waits for, beside its state."""

    NONE = "", _("rien de particulier")
    DOCUMENTS_ASKED = "documents_asked", _("en attente de pièces")
    OPINION_ASKED = "opinion_asked", _("en attente d'un avis")
    PAYMENT_DUE = "payment_due", _("en attente de paiement")
    TRANSFERRED = "transferred", _("transmise au service compétent")


class Channel(models.TextChoices):
    """How the request reached the authority."""

    WEB = "web", _("en ligne")
    COUNTER = "counter", _("au guichet")
    PHONE = "phone", _("par téléphone")
    MAIL = "mail", _("par courrier")
    EMAIL = "email", _("par courriel")
    API = "api", _("par une application")


class ActorKind(models.TextChoices):
    PERSON = "person", _("l'usager")
    AGENT = "agent", _("un agent")
    APPLICATION = "application", _("un logiciel métier")
    SYSTEM = "system", _("le système")


class Fault(models.TextChoices):
    """What is wrong with an answer that the person is asked to correct."""

    INCOMPLETE = "incomplete", _("Incomplète")
    INCORRECT = "incorrect", _("Incorrecte")
    OUTDATED = "outdated", _("Plus à jour")


OPEN = frozenset({State.SUBMITTED, State.IN_PROGRESS})
FINAL = frozenset({State.ACCEPTED, State.REFUSED, State.CLOSED, State.WITHDRAWN})
DECISIONS = frozenset({State.ACCEPTED, State.REFUSED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: a verb, the states it leaves, the one it reaches (None: stays), and who may."""

    verb: str
    origins: Set[State]
    target: State | None
    actors: Set[ActorKind]
    reason_required: bool = False


_AGENT = frozenset({ActorKind.AGENT})
_TREATS = frozenset({ActorKind.AGENT, ActorKind.APPLICATION, ActorKind.SYSTEM})

TRANSITIONS = {
    line.verb: line
    for line in (
        Transition("start", frozenset({State.SUBMITTED}), State.IN_PROGRESS, _TREATS),
        Transition("step", OPEN, State.IN_PROGRESS, _AGENT),
        Transition("wait", OPEN, State.IN_PROGRESS, _TREATS),
        Transition("transmit", OPEN, State.IN_PROGRESS, _AGENT, reason_required=True),
        Transition("resume", frozenset({State.IN_PROGRESS}), State.IN_PROGRESS, _TREATS | {ActorKind.PERSON}),
        Transition("correct", frozenset({State.IN_PROGRESS}), State.IN_PROGRESS, frozenset({ActorKind.PERSON})),
        Transition("opinion_asked", OPEN, State.IN_PROGRESS, _AGENT),
        Transition("opinion_given", frozenset({State.IN_PROGRESS}), State.IN_PROGRESS, _AGENT),
        Transition("opinion_revoked", frozenset({State.IN_PROGRESS}), State.IN_PROGRESS, _AGENT),
        Transition("accept", OPEN, State.ACCEPTED, _TREATS),
        Transition("refuse", OPEN, State.REFUSED, _TREATS, reason_required=True),
        Transition("close", OPEN, State.CLOSED, _TREATS, reason_required=True),
        Transition("withdraw", OPEN, State.WITHDRAWN, frozenset(ActorKind)),
        # Another case says the same: this one ends without an answer of its own, or was not one after all.
        Transition("duplicate", OPEN, State.CLOSED, _AGENT, reason_required=True),
        Transition("unduplicate", frozenset({State.CLOSED}), State.IN_PROGRESS, _AGENT),
        # A person: their own request only, for a time, and not what was decided (`reopening`).
        Transition("reopen", FINAL, State.IN_PROGRESS, _AGENT | {ActorKind.PERSON}, reason_required=True),
    )
}
DECISION_VERBS = {State.ACCEPTED: "accept", State.REFUSED: "refuse", State.CLOSED: "close"}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a word of the hub's status vocabulary does to a case: a verb of the table, and what it then waits for."""

    verb: str | None
    substate: Substate = Substate.NONE


# The vocabulary of the contract. `received` moves nothing: the person already knows we hold the request.
BUSINESS_STATUSES = {
    "received": Returned(None),
    "in_progress": Returned("wait"),
    "more_information_needed": Returned("wait", Substate.DOCUMENTS_ASKED),
    "payment_due": Returned("wait", Substate.PAYMENT_DUE),
    "transferred": Returned("wait", Substate.TRANSFERRED),
    "accepted": Returned("accept"),
    "refused": Returned("refuse"),
    "closed": Returned("close"),
    "withdrawn": Returned("withdraw"),
}
# The word we publish for a state: the same vocabulary, the other way.
PUBLISHED_STATUS = {
    State.SUBMITTED: "received",
    State.IN_PROGRESS: "in_progress",
    State.ACCEPTED: "accepted",
    State.REFUSED: "refused",
    State.CLOSED: "closed",
    State.WITHDRAWN: "withdrawn",
}
PUBLISHED_SUBSTATUS = {
    Substate.DOCUMENTS_ASKED: "more_information_needed",
    Substate.PAYMENT_DUE: "payment_due",
    Substate.TRANSFERRED: "transferred",
}


def published_status(state: str, substate: str = "") -> str:
    """The contract's word for a state and what it waits for."""
    if state == State.IN_PROGRESS and substate in PUBLISHED_SUBSTATUS:
        return PUBLISHED_SUBSTATUS[Substate(substate)]
    return PUBLISHED_STATUS[State(state)]
