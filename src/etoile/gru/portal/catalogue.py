"""What an authority offers, as the catalogue shows it: read once a version, searched in memory."""

import unicodedata
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.texts import Text

# The words of the usual themes and situations; another slug is shown as it is written.
THEMES: dict[str, tuple[str | Promise, str]] = {
    "etat-civil": (_("État civil et papiers"), "document"),
    "enfance-education": (_("Enfance et éducation"), "family"),
    "cadre-de-vie": (_("Rue et cadre de vie"), "road"),
    "vie-associative": (_("Salles et vie associative"), "hall"),
    "vie-locale": (_("Vie locale et évènements"), "calendar"),
    "urbanisme": (_("Urbanisme et logement"), "house-plan"),
    "social": (_("Aides et solidarité"), "people"),
    "ce-site": (_("Ce site"), "globe"),
}
LIFE_EVENTS: dict[str, str | Promise] = {
    "papiers": _("J’ai besoin d’un papier officiel"),
    "scolariser-un-enfant": _("Mon enfant va à l’école"),
    "naissance": _("J’accueille un enfant"),
    "demenager": _("Je déménage"),
    "se-marier": _("Je me marie ou je me pacse"),
    "perdre-un-proche": _("J’ai perdu un proche"),
    "organiser-un-evenement": _("J’organise un évènement"),
    "participer-a-la-vie-de-la-commune": _("Je participe à la vie de la commune"),
    "vivre-dans-la-commune": _("Je vis ici"),
    "faire-des-travaux": _("Je fais des travaux"),
}
_MOST_ASKED_DAYS, _MOST_ASKED_KEPT = 90, 600
_KEPT = 512
_cards: OrderedDict[str, "Card"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Card:
    """A procedure in a list; `haystack` holds its words without accents, in both languages."""

    slug: str
    title: Text
    summary: Text
    delay: Text
    category: str
    life_event: str
    haystack: tuple[tuple[str, int], ...]

    @property
    def theme(self) -> str | Promise:
        return theme_words(self.category)

    @property
    def icon(self) -> str:
        return THEMES.get(self.category, ("", "document"))[1]


@dataclass(frozen=True, slots=True)
class Group:
    """A theme or a life event, with the number of its procedures."""

    slug: str
    words: str | Promise
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
    return sorted(cards, key=lambda card: plain(str(card.title)))


def card_of(definition: Definition) -> Card:
    weighed = (
        (definition.title, 8),
        (definition.summary, 2),
        (definition.who, 1),
        *((Text(fr=word), 5) for word in definition.keywords),
        (Text(fr=str(theme_words(definition.category))), 3),
    )
    haystack = tuple((plain(words), weight) for text, weight in weighed for words in (text.fr, text.en) if words)
    return Card(
        definition.slug,
        definition.title,
        definition.summary,
        definition.delay,
        definition.category,
        definition.life_event,
        haystack,
    )


def search(cards: Iterable[Card], words: str) -> list[Card]:
    """Cards holding every word asked (the beginning of a word is enough), the best first."""
    asked = [word for word in plain(words).split() if len(word) > 1 and word not in _EMPTY_WORDS]
    if not asked:
        return list(cards)
    scored = [(score, card) for card in cards if (score := _score(card, asked))]
    return [card for _score_of, card in sorted(scored, key=lambda pair: -pair[0])]


def _score(card: Card, asked: list[str]) -> int:
    total = 0
    for word in asked:
        best = max((weight for text, weight in card.haystack if _holds(text, word)), default=0)
        if not best:
            return 0
        total += best
    return total


def _holds(text: str, word: str) -> bool:
    # A plural is the same word for those who search.
    stem = word[:-1] if len(word) > 4 and word[-1] in "sx" else word
    return any(each.startswith(stem) for each in text.split())


def plain(words: str) -> str:
    """Lower case, without accents nor punctuation: what both sides of a search are compared in."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", words.lower()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.replace("œ", "oe")).split())


_EMPTY_WORDS = frozenset(
    ("de", "du", "des", "la", "le", "les", "un", "une", "et", "ou", "en", "au", "aux", "je", "pour", "mon", "ma", "mes",
     "sur", "dans", "the", "of", "for", "my", "to", "an")
)  # fmt: skip


def themes(cards: Iterable[Card]) -> list[Group]:
    counts: dict[str, int] = {}
    for card in cards:
        counts[card.category] = counts.get(card.category, 0) + 1
    known = [slug for slug in THEMES if slug in counts]
    others = sorted(slug for slug in counts if slug and slug not in THEMES)
    return [Group(s, theme_words(s), THEMES.get(s, ("", "document"))[1], counts[s]) for s in (*known, *others)]


def life_events(cards: Iterable[Card]) -> list[Group]:
    counts: dict[str, int] = {}
    for card in cards:
        counts[card.life_event] = counts.get(card.life_event, 0) + 1
    return [Group(s, life_event_words(s), "", counts[s]) for s in sorted(counts, key=_rank) if s]


def theme_words(category: str) -> str | Promise:
    return THEMES[category][0] if category in THEMES else category.replace("-", " ").capitalize()


def life_event_words(slug: str) -> str | Promise:
    return LIFE_EVENTS.get(slug) or slug.replace("-", " ").capitalize()


def _rank(slug: str) -> tuple[int, str]:
    known = list(LIFE_EVENTS)
    return (known.index(slug) if slug in known else len(known), slug)


def most_asked(authority: Authority, cards: list[Card], limit: int = 6) -> list[Card]:
    """The procedures most used of late, then the others by title. Counted at most every ten minutes."""
    counts = cache.get_or_set(f"portal:most-asked:{authority.pk}", lambda: _counts(authority), _MOST_ASKED_KEPT)
    ranked = sorted(cards, key=lambda card: (card.category == "ce-site", -counts.get(card.slug, 0)))
    return ranked[:limit]


def _counts(authority: Authority) -> dict[str, int]:
    since = timezone.now() - timedelta(days=_MOST_ASKED_DAYS)
    rows = (
        Case.objects.filter(authority=authority, submitted_at__gte=since)
        .values_list("procedure_version__procedure__slug")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(rows)


def _remember(digest: str, card: Card) -> None:
    _cards[digest] = card
    while len(_cards) > _KEPT:
        _cards.popitem(last=False)
