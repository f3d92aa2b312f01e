"""What cannot be done with a draft, in words for the person."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Page
from etoile.gru.forms.rules import Ineligibility
from etoile.gru.forms.validation import FieldError


class FillingRefused(Exception):
    """What cannot be done with this draft, in words for the person."""


class DraftUnknown(FillingRefused):
    """No such draft for this key, or it has expired. The two are one answer."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce formulaire n’est plus disponible. Recommencez votre demande depuis la page de la démarche.")
        )


class DraftConfirmed(FillingRefused):
    """Already sent: nothing of it changes any more."""

    def __init__(self) -> None:
        super().__init__(_("Cette demande a déjà été envoyée."))


class StepRefused(FillingRefused):
    """A page opened before those that precede it."""

    def __init__(self) -> None:
        super().__init__(_("Répondez d’abord aux pages précédentes."))


class DraftChanged(FillingRefused):
    """Saved meanwhile, from another tab or by the button: what was typed before must not cover it."""

    def __init__(self) -> None:
        super().__init__(_("Ce formulaire a été enregistré ailleurs entre-temps."))


class DraftOutdated(FillingRefused):
    """The procedure has a newer version: the person reads again what it changes before sending."""

    def __init__(self) -> None:
        super().__init__(_("Cette démarche vient de changer. Relisez vos réponses avant de les envoyer."))


class ProcedureClosed(FillingRefused):
    """Nothing is sent any more: `reason` is what the town says of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason or _("Cette démarche n’est pas ouverte."))


class Invalid(FillingRefused):
    """Answers or declarations are missing or wrong; `errors` says which, `page` is the first page to go back to."""

    def __init__(self, errors: Sequence[FieldError], page: Page | None = None) -> None:
        super().__init__(_("Certaines réponses sont à compléter ou à corriger."))
        self.errors, self.page = tuple(errors), page


class Ineligible(FillingRefused):
    """Nothing can be asked with these answers: the message says why and where to go, `page` is where to change them."""

    def __init__(self, refusals: Sequence[Ineligibility], page: Page | None) -> None:
        super().__init__(" ".join(f"{each.message} {each.where}".strip() for each in refusals))
        self.refusals, self.page = tuple(refusals), page
