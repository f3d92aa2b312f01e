"""What the verbs of this room refuse, in words an agent understands."""


class MatchingError(Exception):
    """Nothing was changed; the message says why and what may be done, in the language in use."""


class NotWithinReach(MatchingError):
    """There is no such thing, or none that is the agent's to decide: the same words."""
