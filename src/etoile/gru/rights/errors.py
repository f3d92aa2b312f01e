class RightsRefused(Exception):
    """The act is not possible; the sentence says why, and what to do."""
