"""Charts as SVG: columns piled up, or lines. Data in, drawing out; a table beside must say the same.

No series is told by its colour alone: columns have a texture, lines a dash and a mark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 900, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 30
TICKS = 4
MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Series:
    """One value per label; None where there is nothing to draw. `look` from 1 to 3."""

    name: str
    values: Sequence[float | None]
    look: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """`title` says what it shows, `description` what to see in it; `unit` follows the figures of the axis."""

    title: str
    description: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    lines: bool = False
    id: str = "chart"


@dataclass(frozen=True, slots=True)
class Tick:
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    look: int


@dataclass(frozen=True, slots=True)
class Curve:
    look: int
    path: str
    points: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Plot:
    chart: Chart
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    bars: Sequence[Bar] = field(default_factory=tuple)
    curves: Sequence[Curve] = field(default_factory=tuple)


def plot(chart: Chart) -> Plot:
    count = max(len(chart.labels), 1)
    step = (WIDTH - LEFT - RIGHT) / count
    top = _top(_highest(chart))
    ticks = [
        Tick(round(_y(top * rank / TICKS, top)), _figure(top * rank / TICKS, chart.unit)) for rank in range(TICKS + 1)
    ]
    every = math.ceil(count / MOST_LABELS)
    labels = [
        Label(round(LEFT + step * (place + 0.5)), text)
        for place, text in enumerate(chart.labels)
        if (count - 1 - place) % every == 0
    ]
    if chart.lines:
        return Plot(chart, ticks, labels, curves=[_curve(each, step, top) for each in chart.series])
    return Plot(chart, ticks, labels, bars=_bars(chart, step, top))


def _highest(chart: Chart) -> float:
    if chart.lines:
        return max((value for each in chart.series for value in each.values if value is not None), default=0)
    return max((sum(each.values[place] or 0 for each in chart.series) for place in range(len(chart.labels))), default=0)


def _top(highest: float) -> float:
    """The end of the axis: the first round figure at or above, which four ticks divide well."""
    if highest <= TICKS:
        return float(TICKS)
    power = 10 ** math.floor(math.log10(highest))
    return next(power * part for part in (1, 2, 4, 6, 8, 10) if power * part >= highest)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f}".replace(",", "\u202f") + (f"\u00a0{unit}" if unit else "")


def _bars(chart: Chart, step: float, top: float) -> list[Bar]:
    width = min(step * 0.68, 48)
    bars = []
    for place in range(len(chart.labels)):
        base = 0.0
        for each in chart.series:
            value = each.values[place] or 0
            if value:
                # A single one must still be seen under thousands.
                height = max(_y(base, top) - _y(base + value, top), 2.0)
                x = LEFT + step * (place + 0.5) - width / 2
                y = _y(base, top) - height
                bars.append(Bar(f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}", each.look))
            base += value
    return bars


def _curve(series: Series, step: float, top: float) -> Curve:
    points = [
        (f"{LEFT + step * (place + 0.5):.1f}", f"{_y(value, top):.1f}") if value is not None else None
        for place, value in enumerate(series.values)
    ]
    path, is_drawing = "", False
    for point in points:
        if point is not None:
            path += f"{'L' if is_drawing else 'M'}{point[0]} {point[1]}"
        is_drawing = point is not None
    return Curve(series.look, path, [point for point in points if point is not None])
