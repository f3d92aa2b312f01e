"""What the page of a request adds to the seven words of `cases`: a tone, and what happens next."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.design.parts import TimelineEntry
from etoile.gru.cases.views_of_person import Moment, Word

# Code of the word -> tone of the design, and what the person has to know of the sequel.
_SEQUELS: dict[str, tuple[str, str | Promise]] = {
    "received": ("info", _("Le service va l’examiner. Vous n’avez rien à faire pour le moment.")),
    "in_progress": ("progress", _("Vous serez prévenu par courriel à chaque étape. Vous n’avez rien à faire.")),
    "to_complete": ("warning", _("Lisez ce qui vous est demandé ci-dessous et répondez avant la date indiquée.")),
    "to_pay": ("warning", _("Votre demande avancera dès que le paiement sera reçu.")),
    "transferred": ("progress", _("Le service compétent vous répondra. Vous n’avez rien à faire.")),
    "closed_accepted": ("success", ""),
    "closed_refused": ("danger", _("Les raisons et les recours possibles sont indiqués ci-dessous.")),
    "closed": ("neutral", ""),
    "withdrawn": ("neutral", ""),
}


def tone(word: Word) -> str:
    return _SEQUELS.get(word.code, ("neutral", ""))[0]


def sequel(word: Word) -> str:
    return str(_SEQUELS.get(word.code, ("neutral", ""))[1])


def timeline(moments: Iterable[Moment]) -> list[TimelineEntry]:
    """The steps, newest first: the last one is what the person came for."""
    newest = [TimelineEntry(title=each.label, at=each.at, detail=each.detail) for each in moments][::-1]
    if newest:
        newest[0] = TimelineEntry(title=newest[0].title, at=newest[0].at, detail=newest[0].detail, tone="info")
    return newest
