"""The states of a delivery, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("en attente")
    LEASED = "leased", _("en cours d'envoi")
    SENT = "sent", _("envoyée, réponse attendue")
    ACKNOWLEDGED = "acknowledged", _("reçue par l'application")
    RETRY_SCHEDULED = "retry_scheduled", _("nouvel essai prévu")
    REJECTED = "rejected", _("refusée, à corriger")
    DEAD = "dead", _("essais épuisés")
    HELD = "held", _("retenue")
    CANCELLED = "cancelled", _("annulée")


State = DeliveryState

# What keeps the rest of its lane (subscription, subject) waiting. The partial indexes of the migration say the same.
BLOCKING = (State.PENDING, State.LEASED, State.RETRY_SCHEDULED, State.REJECTED, State.DEAD, State.HELD)
# What only a person can move.
STUCK = (State.REJECTED, State.DEAD)
# What does not move by itself any more.
SETTLED = (State.ACKNOWLEDGED, State.CANCELLED)

TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    State.PENDING: frozenset({State.LEASED, State.HELD, State.CANCELLED}),
    State.LEASED: frozenset(
        {
            State.LEASED,  # the lease ended: another worker takes it up
            State.PENDING,  # given back without having been tried
            State.SENT,
            State.ACKNOWLEDGED,
            State.RETRY_SCHEDULED,
            State.REJECTED,
            State.DEAD,
            State.HELD,
            State.CANCELLED,
        }
    ),
    # What was taken may come back: the application refuses it after all.
    State.SENT: frozenset({State.ACKNOWLEDGED, State.REJECTED, State.PENDING, State.CANCELLED}),
    State.RETRY_SCHEDULED: frozenset({State.LEASED, State.PENDING, State.HELD, State.CANCELLED}),
    State.REJECTED: frozenset({State.PENDING, State.CANCELLED}),
    State.DEAD: frozenset({State.PENDING, State.CANCELLED}),
    State.HELD: frozenset({State.PENDING, State.CANCELLED}),
    State.ACKNOWLEDGED: frozenset({State.REJECTED, State.PENDING}),
    State.CANCELLED: frozenset({State.PENDING}),
}

# A person may send again (or let go) what is not waiting its turn nor on its way, and close what is not closed.
REPLAYABLE = tuple(
    state for state, following in TRANSITIONS.items() if State.PENDING in following and state != State.LEASED
)
CANCELLABLE = tuple(state for state, following in TRANSITIONS.items() if State.CANCELLED in following)
