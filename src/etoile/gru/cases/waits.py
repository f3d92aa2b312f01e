"""What a request goes on waiting for when a move leaves it free: the rooms above that asked it say so (`fees`)."""

import uuid
from collections.abc import Callable

from etoile.gru.cases.states import Substate

_asked: dict[Substate, Callable[[uuid.UUID], bool]] = {}


def register(substate: Substate, stands: Callable[[uuid.UUID], bool]) -> None:
    """`stands` says whether this case waits for it. Replaces the former one."""
    _asked[substate] = stands


def left(case_id: uuid.UUID) -> Substate:
    """One statement for each that is registered."""
    return next((each for each, stands in _asked.items() if stands(case_id)), Substate.NONE)
