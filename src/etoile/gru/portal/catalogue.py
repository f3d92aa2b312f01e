"""What can be done and found on the portal of an authority, as cards: read once a version, searched in memory."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import Promise

from etoile.gru.access.models import Authority
from etoile.gru.cases import delays
from etoile.gru.content.definition import Guide, TownContent
from etoile.gru.content.queries import Published
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.texts import NOTHING, Text
from etoile.gru.portal import themes as words
from etoile.gru.portal.search import Found, Index, plain, usual_synonyms

_MOST_ASKED_KEPT = 600
_KEPT, _INDEXES_KEPT = 512, 16
_cards: OrderedDict[str, "Card"] = OrderedDict()
_indexes: OrderedDict[tuple[object, ...], Index["Card"]] = OrderedDict()
_ROUTES = {"procedure": "procedure", "guide": "guide", "event": "life_event", "place": "places", "news": "news_item"}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing a person may look for. `kind` is a key of `_ROUTES`; `weighed` holds its words, in both languages."""

    kind: str
    slug: str
    title: Text
    summary: Text = NOTHING
    delay: Text = NOTHING
    category: str = ""
    life_event: str = ""
    audience: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    needs_documents: bool = False
    symbol: str = ""
    shown_from: date = date.min
    shown_until: date = date.max
    weighed: tuple[tuple[str, int], ...] = ()

    @property
    def theme(self) -> str | Promise:
        return words.theme_words(self.category)

    @property
    def icon(self) -> str:
        return self.symbol or words.theme_icon(self.category)

    @property
    def href(self) -> str:
        if self.kind == "place":
            return f"{reverse('portal:places')}#{self.slug}"
        return reverse(f"portal:{_ROUTES[self.kind]}", args=[self.slug])

    @property
    def is_online(self) -> bool:
        return self.kind == "procedure"


@dataclass(frozen=True, slots=True)
class Group:
    """A theme or a situation, with the number of its procedures."""

    slug: str
    words: str | Promise | Text
    icon: str
    count: int


def open_cards(authority: Authority) -> list[Card]:
    """The open procedures, by title. One statement; one more when a version has never been read by this process."""
    versions = list(
        ProcedureVersion.objects.filter(current_of__in=Procedure.objects.filter(authority=authority).open())
        .only("id", "digest")
        .order_by("id")
    )
    missing = [version.pk for version in versions if version.digest not in _cards]
    if missing:
        for version in ProcedureVersion.objects.filter(pk__in=missing):
            _remember(version.digest, card_of(version.definition))
    cards = [_cards[version.digest] for version in versions if version.digest in _cards]
    return by_title(cards)


def by_title(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: plain(str(card.title)))


def card_of(definition: Definition) -> Card:
    return Card(
        kind="procedure",
        slug=definition.slug,
        title=definition.title,
        summary=definition.summary,
        delay=definition.delay,
        category=definition.category,
        life_event=definition.life_event,
        audience=definition.audience,
        channels=("online", "counter"),
        needs_documents=bool(definition.documents),
        weighed=_weighed(
            (definition.title, 8),
            (definition.summary, 2),
            (definition.who, 1),
            *((Text(fr=word), 5) for word in definition.keywords),
            (Text(fr=str(words.theme_words(definition.category))), 1),
        ),
    )


def guide_cards(content: TownContent) -> list[Card]:
    """What is done at the counter or elsewhere, beside the procedures."""
    return [_guide(each) for each in content.guides]


def _guide(guide: Guide) -> Card:
    return Card(
        kind="guide",
        slug=guide.id,
        title=guide.title,
        summary=guide.summary,
        delay=guide.delay,
        category=guide.category,
        audience=guide.audience,
        channels=guide.channels,
        needs_documents=bool(guide.documents),
        weighed=_weighed((guide.title, 8), (guide.summary, 2), *((Text(fr=word), 5) for word in guide.keywords)),
    )


def find(authority: Authority, cards: list[Card], published: Published, asked: str, today: date) -> Found[Card]:
    """Procedures, guides, situations, places and news that answer. `cards` is `open_cards`; no statement."""
    key = (authority.pk, published.digest, *(hash(card) for card in cards))
    index = _indexes.get(key)
    if index is None:
        index = _indexes[key] = _index(cards, published.content)
        while len(_indexes) > _INDEXES_KEPT:
            _indexes.popitem(last=False)
    found = index.find(asked)
    shown = [card for card in found.entries if card.shown_from <= today <= card.shown_until]
    return Found(shown, found.corrected, found.partial)


def _index(cards: list[Card], content: TownContent) -> Index[Card]:
    everything = [*cards, *guide_cards(content), *_others(content)]
    return Index([(card, card.weighed) for card in everything], (*usual_synonyms(), *content.synonyms))


def _others(content: TownContent) -> Iterable[Card]:
    for event in content.life_events:
        weighed = _weighed((event.title, 7), (event.summary, 2), *((each.title, 2) for each in event.advice))
        yield Card("event", event.id, event.title, event.summary, symbol=event.icon, weighed=weighed)
    for place in content.places:
        weighed = _weighed((place.name, 8), (place.about, 2), *((Text(fr=word), 5) for word in place.keywords))
        where = Text(fr=place.written_address)
        yield Card("place", place.id, place.name, where, symbol=place.icon, weighed=weighed)
    for news in content.news:
        weighed = _weighed((news.title, 4), (news.summary, 2), (news.text, 1))
        yield Card(
            "news", news.id, news.title, news.summary, symbol="bell", weighed=weighed,
            shown_from=news.day, shown_until=news.until or date.max,
        )  # fmt: skip


def _weighed(*texts: tuple[Text, int]) -> tuple[tuple[str, int], ...]:
    return tuple((said, weight) for text, weight in texts for said in (text.fr, text.en) if said)


def themes(cards: Iterable[Card]) -> list[Group]:
    counts: dict[str, int] = {}
    for card in cards:
        counts[card.category] = counts.get(card.category, 0) + 1
    known = [slug for slug in words.THEMES if slug in counts]
    others = sorted(slug for slug in counts if slug and slug not in words.THEMES)
    return [Group(s, words.theme_words(s), words.theme_icon(s), counts[s]) for s in (*known, *others)]


def theme_words(category: str) -> str | Promise:
    return words.theme_words(category)


def by_theme(cards: Iterable[Card]) -> list[tuple[Group, list[Card]]]:
    """The themes in their usual order, each with its cards in the order given."""
    cards = list(cards)
    return [(group, [card for card in cards if card.category == group.slug]) for group in themes(cards)]


def most_asked(authority: Authority, cards: list[Card], content: TownContent, limit: int = 6) -> list[Card]:
    """The procedures most used of late, then those that the town puts forward, then the others by title. Counted at
    most every ten minutes.
    """
    counts = cache.get_or_set(
        f"portal:most-asked:{authority.pk}", lambda: delays.most_asked(authority), _MOST_ASKED_KEPT
    )
    forward = {slug: place for place, slug in enumerate(content.featured)}
    ranked = sorted(
        cards,
        key=lambda card: (
            card.category == "ce-site", -counts.get(card.slug, 0), forward.get(card.slug, len(forward)),
        ),
    )  # fmt: skip
    return ranked[:limit]


def _remember(digest: str, card: Card) -> None:
    _cards[digest] = card
    while len(_cards) > _KEPT:
        _cards.popitem(last=False)
