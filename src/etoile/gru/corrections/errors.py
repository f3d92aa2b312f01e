"""What cannot be done with a change of answers, in words for whoever reads them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from etoile.gru.cases.errors import CaseError
from etoile.gru.forms.validation import FieldError


class Wrong(CaseError):
    """Answers are missing or wrong; `errors` says which, by field or address."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(_("Certaines réponses sont à compléter ou à corriger."))
        self.errors = tuple(errors)


class NothingChanged(CaseError):
    def __init__(self) -> None:
        super().__init__(_("Rien n’a changé. Corrigez au moins une réponse avant d’envoyer."))


class ChangedMeanwhile(CaseError):
    """Somebody else changed the answers since this change was begun."""

    def __init__(self) -> None:
        super().__init__(
            _("Les réponses de cette demande ont changé entre-temps. Relisez vos changements, puis enregistrez.")
        )
