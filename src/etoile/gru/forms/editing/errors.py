"""Why a change of a draft was not made, in words for the person who asked for it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


class EditRefused(Exception):
    """The draft would no longer hold together, or what is asked makes no sense. `problems` says all of it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class DraftMoved(EditRefused):
    """Somebody changed the draft since this page was opened: what they wrote must not be covered."""

    def __init__(self) -> None:
        super().__init__(
            [
                _(
                    "Cette démarche a été modifiée ailleurs depuis que vous avez ouvert la page."
                    " Relisez-la, puis refaites votre changement."
                )
            ]
        )
