"""What the verbs of this room refuse, in words an agent or a person understands."""

from django.utils.translation import gettext as _


class CaseError(Exception):
    """Something asked of a case that is not done. `str(error)` is shown as it is."""


class TransitionRefused(CaseError):
    """The table of moves does not allow this verb here, to this actor, or without a reason."""


class StaleCase(CaseError):
    """The case changed since it was read: read it again, then decide again."""

    def __init__(self) -> None:
        super().__init__(_("La demande a changé depuis que vous l'avez ouverte. Relisez-la, puis recommencez."))


class Incomplete(CaseError):
    """What was given lacks something the law or the contract wants."""
