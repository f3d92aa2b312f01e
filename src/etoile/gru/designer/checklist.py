"""Everything to know before a version goes into service, and whether it may."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from etoile.gru.designer import places, receivers
from etoile.gru.designer.desk import Desk
from etoile.gru.designer.impact import Impact, impact
from etoile.gru.designer.receivers import Told
from etoile.gru.designer.routing_form import IDENTITIES
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.publication import ROUTING, Missing, advice, missing


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend, the page where it is, and the name of that page."""

    words: str
    href: str
    part: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """`missing` and `hub.breaks` keep the version from being published; a silent hub does too, unless somebody says to
    do without it. `remarks` deserve an eye."""

    missing: tuple[Item, ...]
    remarks: tuple[Item, ...]
    hub: Told
    impact: Impact

    @property
    def parts(self) -> list[tuple[str, list[Item]]]:
        """What is missing, by the part of the procedure where it is mended."""
        found: dict[str, list[Item]] = {}
        for item in self.missing:
            found.setdefault(item.part, []).append(item)
        return list(found.items())

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.hub.breaks


def checked(desk: Desk) -> Checklist:
    """Asks the hub: a few seconds at the most."""
    told = receivers.told(desk.version)
    definition = desk.definition
    return Checklist(
        missing=_items(missing(definition), desk.slug),
        remarks=_items([*_unreachable(definition), *advice(definition)], desk.slug),
        hub=told,
        impact=impact(desk.version, told),
    )


def _unreachable(definition: Definition) -> Iterator[Missing]:
    """A level that no platform of this installation gives: nobody could send the request by themselves."""
    level = definition.identity
    if level and not any(each.from_level(level) for each in settings.IDENTITY.persons):
        words = _(
            "Identité demandée (%(level)s) : aucune plateforme en service ici ne la donne. La demande ne se ferait"
            " qu’au guichet, tant que votre service informatique ne l’a pas reliée."
        )
        yield Missing(words % {"level": dict(IDENTITIES)[level]}, ROUTING, "identity")


def _items(found: list[Missing], slug: str) -> tuple[Item, ...]:
    return tuple(Item(each.words, places.address(each, slug), places.name(each)) for each in found)
