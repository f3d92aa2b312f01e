"""From the data of a town's content (YAML or JSON, see docs/content.md) to a `TownContent`, or all that is wrong."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from etoile.design.icons import NAMES as ICONS
from etoile.gru.content import definition as shape
from etoile.gru.content.definition import TownContent
from etoile.gru.forms.parsing import AUDIENCES
from etoile.gru.forms.reader import Reader

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLOT = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
_HREF = re.compile(r"(?:https?://[^\s<>\"']+|/[^\s<>\"'/][^\s<>\"']*|mailto:[^\s<>\"']+|tel:[+\d]+)")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ContentError(ValueError):
    """The data are not a town's content. `problems` lists every one, in French, with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def storable(raw: Any) -> Any:
    """The same data as JSON keeps it: YAML reads `2026-12-24` as a date."""
    if isinstance(raw, Mapping):
        return {str(key): storable(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [storable(each) for each in raw]
    return raw.isoformat() if isinstance(raw, date | datetime) else raw


def parse(raw: Any) -> TownContent:
    """Raises `ContentError` with every problem found."""
    r = Reader(storable(raw))
    read = TownContent(
        welcome=r.text("welcome"),
        alert=_alert(r),
        featured=tuple(r.words("featured")),
        places=tuple(_place(each) for each in r.each("places")),
        life_events=tuple(_life_event(each) for each in r.each("life_events")),
        guides=tuple(_guide(each) for each in r.each("guides")),
        news=tuple(_news(each) for each in r.each("news")),
        synonyms=tuple(_synonyms(each) for each in r.words("synonyms")),
    )
    r.nothing_else()
    problems = [*r.problems, *_inconsistencies(read)]
    if problems:
        raise ContentError(problems)
    return read


def _synonyms(written: str) -> tuple[str, ...]:
    """« poubelle, déchets, ordures »: words that mean the same to those who search."""
    return tuple(word.strip() for word in written.split(",") if word.strip())


def _alert(r: Reader) -> shape.Alert | None:
    given = r.tree("alert")
    if given is None:
        return None
    inside = Reader(given, "alert", r.problems)
    read = shape.Alert(
        title=inside.text("title", required=True),
        text=inside.text("text"),
        tone=inside.word("tone", among=shape.TONES) or "warning",
        links=_links(inside),
        until=_day(inside, "until"),
    )
    inside.nothing_else()
    return read


def _place(r: Reader) -> shape.Place:
    read = shape.Place(
        id=_identifier(r),
        name=r.text("name", required=True),
        about=r.text("about"),
        icon=r.word("icon", among=sorted(ICONS)) or "pin",
        **{key: r.sentence(key) for key in ("address", "postal_code", "city", "phone", "email")},
        position=_position(r),
        access=r.text("access"),
        hours=_hours(r),
        teams=tuple(r.words("teams")),
        keywords=tuple(r.words("keywords")),
    )
    r.nothing_else()
    return read


def _life_event(r: Reader) -> shape.LifeEvent:
    read = shape.LifeEvent(
        id=_identifier(r),
        title=r.text("title", required=True),
        summary=r.text("summary"),
        icon=r.word("icon", among=sorted(ICONS)) or "star",
        procedures=tuple(r.words("procedures")),
        guides=tuple(r.words("guides")),
        advice=tuple(_advice(each) for each in r.each("advice")),
    )
    r.nothing_else()
    return read


def _advice(r: Reader) -> shape.Advice:
    read = shape.Advice(r.text("title", required=True), r.text("text"), _links(r))
    r.nothing_else()
    return read


def _guide(r: Reader) -> shape.Guide:
    read = shape.Guide(
        id=_identifier(r),
        title=r.text("title", required=True),
        **{key: r.text(key) for key in ("summary", "text", "cost", "delay")},
        category=r.word("category"),
        audience=tuple(r.words("audience", among=AUDIENCES)),
        keywords=tuple(r.words("keywords")),
        channels=tuple(r.words("channels", among=shape.CHANNELS)),
        documents=tuple(r.texts("documents")),
        steps=tuple(r.texts("steps")),
        place=r.word("place", pattern=_SLUG),
        links=_links(r),
    )
    r.nothing_else()
    return read


def _news(r: Reader) -> shape.News:
    read = shape.News(
        id=_identifier(r),
        title=r.text("title", required=True),
        day=_day(r, "date", required=True) or date.min,
        summary=r.text("summary"),
        text=r.text("text"),
        until=_day(r, "until"),
        links=_links(r),
    )
    r.nothing_else()
    return read


def _links(r: Reader) -> tuple[shape.Link, ...]:
    return tuple(_link(each) for each in r.each("links"))


def _link(r: Reader) -> shape.Link:
    read = shape.Link(r.text("label", required=True), r.sentence("href", required=True))
    if read.href and not _HREF.fullmatch(read.href):
        r.problem("href", f"« {read.href} » : une adresse commence par https:// ou par /")
    r.nothing_else()
    return read


def _hours(r: Reader) -> shape.Hours:
    given = r.tree("hours")
    if given is None:
        return shape.Hours()
    inside = Reader(given, f"{r.place}.hours", r.problems)
    week: list[tuple[shape.Slot, ...]] = [()] * 7
    for key in [key for key in given if key not in {"exceptions", "open_on_holidays"}]:
        for number in _days_named(str(key)):
            week[number] = _slots(inside, str(key), given[key])
        if _days_named(str(key)):
            inside.words(str(key))
    read = shape.Hours(
        tuple(week), tuple(_exceptional(each) for each in inside.each("exceptions")), inside.flag("open_on_holidays")
    )
    inside.nothing_else()
    return read


def _days_named(key: str) -> range:
    """`monday`, or `monday-friday`."""
    first, _dash, last = key.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        return range(0)
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _exceptional(r: Reader) -> shape.Exceptional:
    start = _day(r, "from", required=True) or date.min
    end = _day(r, "until") or start
    if end < start:
        r.problem("until", "est avant « from »")
    read = shape.Exceptional(start, end, _slots(r, "open", r.words("open")), r.text("reason"))
    r.nothing_else()
    return read


def _slots(r: Reader, key: str, given: Any) -> tuple[shape.Slot, ...]:
    found = [_slot(r, key, str(each)) for each in given] if isinstance(given, list) else []
    slots = sorted((each for each in found if each is not None), key=lambda slot: slot.start)
    if any(after.start < before.end for before, after in pairwise(slots)):
        r.problem(key, "deux plages d'ouverture se chevauchent")
    return tuple(slots)


def _slot(r: Reader, key: str, written: str) -> shape.Slot | None:
    found = _SLOT.fullmatch(written.strip())
    try:
        numbers = [int(each) for each in found.groups()] if found else []
        slot = shape.Slot(time(*numbers[:2]), time(*numbers[2:])) if numbers else None
    except ValueError:
        slot = None
    if slot is None:
        r.problem(key, f"« {written} » n'est pas une plage d'ouverture, par exemple 8:30-12:00")
    elif slot.end <= slot.start:
        r.problem(key, f"« {written} » : la fermeture doit suivre l'ouverture, le même jour")
    return slot


def _position(r: Reader) -> tuple[float, float] | None:
    given = r.tree("position")
    if given is None:
        return None
    try:
        latitude, longitude = float(given["latitude"]), float(given["longitude"])
    except (KeyError, TypeError, ValueError):
        r.problem("position", "latitude et longitude sont attendues, par exemple {latitude: 47.47, longitude: -0.55}")
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        r.problem("position", "latitude ou longitude impossible")
    return latitude, longitude


def _day(r: Reader, key: str, *, required: bool = False) -> date | None:
    written = r.sentence(key, required=required)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        r.problem(key, f"« {written} » n'est pas une date, par exemple 2026-12-24")
        return None


def _identifier(r: Reader) -> str:
    return r.word("id", pattern=_SLUG, required=True)


def _inconsistencies(read: TownContent) -> list[str]:
    named: dict[str, Iterable[shape.Place | shape.LifeEvent | shape.Guide | shape.News]] = {
        "places": read.places, "life_events": read.life_events, "guides": read.guides, "news": read.news
    }  # fmt: skip
    problems = []
    for key, items in named.items():
        identifiers = [each.id for each in items]
        twice = sorted({each for each in identifiers if identifiers.count(each) > 1})
        problems += [f"{key}[{each}] : cet identifiant est employé deux fois" for each in twice]
    for guide in read.guides:
        if guide.place and read.place(guide.place) is None:
            problems.append(f"guides[{guide.id}].place : lieu inconnu « {guide.place} »")
    for event in read.life_events:
        unknown = [each for each in event.guides if read.guide(each) is None]
        problems += [f"life_events[{event.id}].guides : fiche inconnue « {each} »" for each in unknown]
    return problems
