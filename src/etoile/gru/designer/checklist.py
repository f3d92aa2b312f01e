"""Everything to know before a version goes into service, and whether it may."""

from dataclasses import dataclass

from etoile.gru.designer import places, receivers
from etoile.gru.designer.desk import Desk
from etoile.gru.designer.impact import Impact, impact
from etoile.gru.designer.receivers import Told
from etoile.gru.forms.publication import Missing, advice, missing


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
        remarks=_items(advice(definition), desk.slug),
        hub=told,
        impact=impact(desk.version, told),
    )


def _items(found: list[Missing], slug: str) -> tuple[Item, ...]:
    return tuple(Item(each.words, places.address(each, slug), places.name(each)) for each in found)
