"""The star: a hub in the middle, what is wired to it around, and on each ray what goes one way and the other.

Data in, drawing out: names, volumes, words and tones, nothing of any trade. The geometry is computed here, in whole
units of a drawing 1000 wide, so that the template only writes it down.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 1000
CARD_WIDTH, CARD_HEIGHT = 244, 88
HUB_RADIUS = 66
MARGIN = 10
GAP = 18
NAME_SHOWN, WORDS_SHOWN, FOOT_SHOWN = 20, 26, 31
# Strokes of a lane, from nothing to the largest volume of the drawing.
THINNEST, THICKEST = 1.5, 9.0
LANE_GAP = 9

# How a lane is drawn; never by colour alone.
LINES = ("whole", "dashed", "dotted", "broken")


@dataclass(frozen=True, slots=True)
class Ray:
    """What is wired to the hub. `outward` and `inward`: how many go from the hub to it, and from it to the hub.

    `words` is how it stands, `icon` and `tone` its shape and colour; `sentence` says all of it to who cannot see the
    drawing. `outward_line` and `inward_line`: one of LINES. `spoken`: the language of the arm, in a word or two;
    `waits`: what waits on it, in a word or two. `volumes`: the two volumes in words, for the list of a narrow screen.
    """

    name: str
    href: str
    words: str
    tone: str = "success"
    icon: str = "check"
    sentence: str = ""
    outward: int = 0
    inward: int = 0
    outward_line: str = "whole"
    inward_line: str = "whole"
    spoken: str = ""
    waits: str = ""
    volumes: str = ""


@dataclass(frozen=True, slots=True)
class Star:
    """`title` and `description` name the drawing to who cannot see it; `centre` stands in the middle."""

    centre: str
    title: str
    description: str
    rays: Sequence[Ray] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Lane:
    """One way of a ray: its path, its arrow head, and the volume written on it."""

    path: str
    head: str
    width: str
    line: str
    label: str
    label_x: int
    label_y: int
    is_idle: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One application as drawn: its card, the mark on the edge of it, its two lanes."""

    ray: Ray
    name: str
    words: str
    spoken: str
    x: int
    y: int
    text_x: int
    mark_x: int
    mark_y: int
    outward: Lane
    inward: Lane


@dataclass(frozen=True, slots=True)
class Drawing:
    star: Star
    height: int
    hub_x: int
    hub_y: int
    cards: Sequence[Card]


def drawing(star: Star) -> Drawing:
    """Half of the rays on each side, and one above when their number is odd: the text of the cards never overlaps."""
    rays = list(star.rays)
    above = rays[:1] if len(rays) % 2 else []
    sides = rays[len(above) :]
    half = len(sides) // 2
    step = max(CARD_HEIGHT + GAP, min(150, 330 // max(half, 1)))
    reach = max(step * (half - 1) // 2 + CARD_HEIGHT // 2, HUB_RADIUS)
    hub = (WIDTH // 2, max(reach + MARGIN, CARD_HEIGHT + HUB_RADIUS + 100 if above else 0))
    most = max([1, *(max(ray.outward, ray.inward) for ray in rays)])
    cards = [_card(ray, (WIDTH - CARD_WIDTH) // 2, MARGIN, hub, most) for ray in above]
    for side, column in enumerate((sides[:half], sides[half:])):
        for rank, ray in enumerate(column):
            away = (rank - (half - 1) / 2) * step
            inset = 84 * (1 - math.sqrt(1 - (away / (reach + 1)) ** 2)) if half > 1 else 0
            x = MARGIN + round(inset) if side == 0 else WIDTH - MARGIN - CARD_WIDTH - round(inset)
            cards.append(_card(ray, x, hub[1] + round(away) - CARD_HEIGHT // 2, hub, most))
    return Drawing(star, hub[1] + reach + MARGIN, *hub, cards)


def _card(ray: Ray, x: int, y: int, hub: tuple[int, int], most: int) -> Card:
    on_left, on_right = x + CARD_WIDTH < hub[0], x > hub[0]
    mark_x = x + CARD_WIDTH if on_left else x if on_right else x + CARD_WIDTH // 2
    mark_y = y + CARD_HEIGHT // 2 if on_left or on_right else y + CARD_HEIGHT
    towards = (mark_x, mark_y)
    return Card(
        ray, clipped(ray.name, NAME_SHOWN), clipped(ray.words, WORDS_SHOWN),
        clipped(ray.spoken, FOOT_SHOWN - len(ray.waits) - 3 * bool(ray.waits)), x, y, x + (30 if on_right else 14),
        mark_x, mark_y,
        outward=_lane(hub, towards, ray.outward, most, ray.outward_line, outward=True),
        inward=_lane(hub, towards, ray.inward, most, ray.inward_line, outward=False),
    )  # fmt: skip


def clipped(text: str, most: int) -> str:
    """A card has the width of its drawing; the whole text is in the sentence of the link and in the table."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _lane(hub: tuple[int, int], card: tuple[int, int], volume: int, most: int, line: str, *, outward: bool) -> Lane:
    length = math.dist(hub, card)
    across, down = (card[0] - hub[0]) / length, (card[1] - hub[1]) / length
    width = THINNEST + (THICKEST - THINNEST) * math.log1p(volume) / math.log1p(most) if volume else THINNEST
    aside = LANE_GAP if outward else -LANE_GAP

    def at(distance: float, beside: float = 0.0) -> tuple[float, float]:
        return hub[0] + across * distance - down * (aside + beside), hub[1] + down * distance + across * (
            aside + beside
        )

    near, far = HUB_RADIUS + 6.0, length - 20
    size = width / 2 + 4
    start, tip = (near, far) if outward else (far, near)
    back = tip - size * 1.6 if outward else tip + size * 1.6
    label_x, label_y = at(near + (far - near) * (0.64 if outward else 0.34))
    return Lane(
        path=f"M{_point(at(start))}L{_point(at(back))}",
        head=f"M{_point(at(tip))}L{_point(at(back, size))}L{_point(at(back, -size))}Z",
        width=f"{width:.1f}",
        line=line if line in LINES else "whole",
        label=f"{volume:,}".replace(",", "\u202f") if volume else "",
        label_x=round(label_x),
        label_y=round(label_y) + 5,
        is_idle=volume == 0,
    )


def _point(place: tuple[float, float]) -> str:
    return f"{place[0]:.1f} {place[1]:.1f}"
