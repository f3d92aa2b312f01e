"""From how the applications stand to the star of the design, and to the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Table
from etoile.design.star import Ray, Star
from etoile.hub.console.health import LOOKS, Health, Signals, brief, health_of, words_of
from etoile.hub.console.standings import Standing
from etoile.hub.registry.directory import connectors

# More cards than this are not read at a glance: the table has them all.
MOST_RAYS = 18


@dataclass(frozen=True, slots=True)
class Judged:
    """An application with the word on its health."""

    standing: Standing
    health: Health
    words: str

    @property
    def href(self) -> str:
        return f"{reverse('console:deliveries')}?application={self.standing.application.pk}"


def judged(found: Sequence[Standing], signals: Signals) -> list[Judged]:
    healths = [(each, health_of(each, signals)) for each in found]
    return [Judged(each, health, words_of(each, health, signals)) for each, health in healths]


def star(found: Sequence[Judged]) -> Star:
    """The gravest are drawn when there are too many; they keep the order of their names, so that nothing jumps."""
    gravity = list(Health)
    kept = sorted(found, key=lambda each: gravity.index(each.health))[:MOST_RAYS]
    return Star(
        centre=_("Hub"),
        title=_("L’étoile : le hub et les applications branchées"),
        description=_("Le tableau qui suit donne les mêmes faits."),
        rays=[_ray(each) for each in found if each in kept],
    )


def _ray(each: Judged) -> Ray:
    tone, icon, outward, inward = LOOKS[each.health]
    standing = each.standing
    spoken = spoken_with(standing)
    said = {
        "name": standing.application.name,
        "words": each.words,
        "received": standing.received,
        "emitted": standing.emitted,
    }
    sentence = _("%(name)s : %(words)s. En 24 heures, %(received)s reçus du hub, %(emitted)s envoyés au hub.") % said
    waits = ngettext("%(n)s attend", "%(n)s attendent", standing.waiting) % {"n": standing.waiting}
    waits = waits if standing.waiting else ""
    volumes = _("%(received)s reçus, %(emitted)s émis") % said
    if waits:
        sentence += f" {waits}."
    if spoken:
        sentence += " " + _("Échanges : %(spoken)s.") % {"spoken": spoken}
    return Ray(
        standing.application.name, each.href, each.words, tone, icon, sentence,
        outward=standing.received, inward=standing.emitted, outward_line=outward, inward_line=inward,
        spoken=spoken, waits=waits, volumes=volumes,
    )  # fmt: skip


def spoken_with(standing: Standing) -> str:
    """How the hub speaks to an application, by its active subscriptions: « SOAP », « REST/JSON, courriel »."""
    installed = connectors()
    active = [each for each in standing.subscriptions if each.active and each.connector in installed]
    words = [installed[each.connector].spoken(each.configuration) for each in active]
    english = (get_language() or "").startswith("en")
    return ", ".join(sorted({en if english else fr for fr, en in words}))


def table(found: Sequence[Judged]) -> Table:
    return Table(
        caption=_("Les mêmes faits, application par application"),
        columns=[
            _("Application"),
            _("État"),
            _("Échanges"),
            _("Reçus en 24 h"),
            _("Émis en 24 h"),
            _("En attente"),
            _("Depuis"),
        ],
        rows=[
            [
                Cell(each.standing.application.name, href=each.href),
                Cell(each.words, tone=LOOKS[each.health][0], icon=LOOKS[each.health][1]),
                Cell(spoken_with(each.standing) or "–"),
                Cell(str(each.standing.received), numeric=True),
                Cell(str(each.standing.emitted), numeric=True),
                Cell(str(each.standing.waiting), numeric=True),
                Cell(brief(each.standing) or "–", numeric=True),
            ]
            for each in found
        ],
        empty=_("Aucune application n’est encore branchée. Chargez un fichier d’étoile : etoile hub load FICHIER."),
    )
