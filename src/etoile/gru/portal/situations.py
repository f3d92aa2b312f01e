"""Situations of life: those the town describes, and those its procedures name, with all that goes with each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from etoile.gru.content.definition import Advice, TownContent
from etoile.gru.forms.texts import Text
from etoile.gru.portal import themes
from etoile.gru.portal.catalogue import Card, Group, by_title, guide_cards


@dataclass(frozen=True, slots=True)
class Situation:
    slug: str
    title: str | Promise | Text
    summary: str | Text
    icon: str
    cards: tuple[Card, ...]
    advice: tuple[Advice, ...] = ()


def groups(cards: Iterable[Card], content: TownContent) -> list[Group]:
    """The town's own, in its order; then the others, in the usual one. Those that lead nowhere are left out."""
    cards = list(cards)
    described = [each.id for each in content.life_events]
    named = sorted({card.life_event for card in cards if card.life_event} - set(described), key=themes.life_event_rank)
    found = [situation(slug, cards, content) for slug in (*described, *named)]
    return [Group(each.slug, each.title, each.icon, len(each.cards)) for each in found if each is not None]


def situation(slug: str, cards: Iterable[Card], content: TownContent) -> Situation | None:
    """None when nobody speaks of it. Procedures first, in the order the town gave, then what is done elsewhere."""
    event, cards = content.life_event(slug), list(cards)
    chosen = event.procedures if event else ()
    by_slug = {card.slug: card for card in cards}
    mine = [by_slug[each] for each in chosen if each in by_slug]
    mine += by_title(card for card in cards if card.life_event == slug and card.slug not in chosen)
    if event is None:
        if not mine:
            return None
        return Situation(slug, themes.life_event_words(slug), "", themes.life_event_icon(slug), tuple(mine))
    guides = {card.slug: card for card in guide_cards(content)}
    mine += [guides[each] for each in event.guides if each in guides]
    if not mine and not event.advice:
        return None
    return Situation(slug, event.title, event.summary, event.icon, tuple(mine), event.advice)
