"""What a procedure asks of who somebody is: nothing most often, else a level of eIDAS that a platform of the State
proves, or an agent who sees the person."""

from etoile.gru.filling.errors import FillingRefused
from etoile.gru.forms.definition import Definition
from etoile.gru.identity.platforms import LEVELS

# An agent enters the request: they know whom they serve.
SEEN = "seen"


class Unidentified(FillingRefused):
    """The person has not shown who they are, or not at this level."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


def is_enough(definition: Definition, shown: str) -> bool:
    """`shown`: the level proved in this session, `SEEN`, or nothing."""
    if not definition.identity or shown == SEEN:
        return True
    return shown in LEVELS and LEVELS.index(shown) >= LEVELS.index(definition.identity)
