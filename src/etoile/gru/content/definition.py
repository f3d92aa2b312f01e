"""What a town says of itself on its portal, once read: places, situations of life, guides, news, an alert."""

from dataclasses import dataclass
from datetime import date, time
from urllib.parse import quote

from etoile.gru.forms.texts import NOTHING, Text

TONES = ("danger", "warning", "info")
CHANNELS = ("counter", "phone", "mail", "elsewhere")


@dataclass(frozen=True, slots=True)
class Slot:
    """From `start` to `end`, local time of the authority, within one day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days, both included, when the usual week does not hold; no slot: closed."""

    start: date
    end: date
    slots: tuple[Slot, ...] = ()
    reason: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Hours:
    """The usual week, Monday first. On a public holiday the place is closed, unless `open_on_holidays`."""

    week: tuple[tuple[Slot, ...], ...] = ((),) * 7
    exceptions: tuple[Exceptional, ...] = ()
    open_on_holidays: bool = False

    def __bool__(self) -> bool:
        return any(self.week) or bool(self.exceptions)


@dataclass(frozen=True, slots=True)
class Place:
    """Where people are received. `teams`: slugs of the services met there."""

    id: str
    name: Text
    about: Text = NOTHING
    icon: str = "pin"
    address: str = ""
    postal_code: str = ""
    city: str = ""
    position: tuple[float, float] | None = None
    phone: str = ""
    email: str = ""
    access: Text = NOTHING
    hours: Hours = Hours()
    teams: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def written_address(self) -> str:
        return ", ".join(part for part in (self.address, f"{self.postal_code} {self.city}".strip()) if part)

    @property
    def directions(self) -> str:
        """A page of OpenStreetMap, opened only by whoever asks for it; empty when the place is nowhere."""
        if self.position is not None:
            return f"https://www.openstreetmap.org/directions?to={self.position[0]},{self.position[1]}"
        asked = quote(self.written_address)
        return f"https://www.openstreetmap.org/search?query={asked}" if asked else ""


@dataclass(frozen=True, slots=True)
class Link:
    label: Text
    href: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A practical page: what is done at the counter, by phone or on another site, with no form here."""

    id: str
    title: Text
    summary: Text = NOTHING
    text: Text = NOTHING
    category: str = ""
    audience: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    documents: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    cost: Text = NOTHING
    delay: Text = NOTHING
    place: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    title: Text
    text: Text = NOTHING
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """« J'attends un enfant »: what to do, in order. Procedures that name it in `life_event` come with it."""

    id: str
    title: Text
    summary: Text = NOTHING
    icon: str = "star"
    procedures: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """Shown from `day` on, until `until` (included) when it is given."""

    id: str
    title: Text
    day: date
    summary: Text = NOTHING
    text: Text = NOTHING
    until: date | None = None
    links: tuple[Link, ...] = ()

    def is_shown(self, today: date) -> bool:
        return self.day <= today and (self.until is None or today <= self.until)


@dataclass(frozen=True, slots=True)
class Alert:
    """The banner above everything. `until`: the last day it is shown."""

    title: Text
    text: Text = NOTHING
    tone: str = "warning"
    links: tuple[Link, ...] = ()
    until: date | None = None

    def is_shown(self, today: date) -> bool:
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class TownContent:
    welcome: Text = NOTHING
    alert: Alert | None = None
    featured: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    guides: tuple[Guide, ...] = ()
    news: tuple[News, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()

    def place(self, identifier: str) -> Place | None:
        return next((each for each in self.places if each.id == identifier), None)

    def guide(self, identifier: str) -> Guide | None:
        return next((each for each in self.guides if each.id == identifier), None)

    def life_event(self, identifier: str) -> LifeEvent | None:
        return next((each for each in self.life_events if each.id == identifier), None)

    def current_news(self, today: date) -> list[News]:
        """Those to show, newest first."""
        return sorted((each for each in self.news if each.is_shown(today)), key=lambda each: each.day, reverse=True)

    def current_alert(self, today: date) -> Alert | None:
        return self.alert if self.alert is not None and self.alert.is_shown(today) else None

    def places_of_team(self, slug: str) -> list[Place]:
        return [each for each in self.places if slug in each.teams]


EMPTY = TownContent()
