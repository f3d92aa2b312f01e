"""Charts: true to their figures, and never by colour alone."""

import re

import pytest
from django.template import Context, Template

from etoile.design.chart import BOTTOM, HEIGHT, TICKS, TOP, Chart, Series, plot


def drawn(chart):
    return Template("{% load design %}{% chart content %}").render(Context({"content": chart}))


def columns(*values, labels=None):
    series = [Series(f"Série {look}", given, look) for look, given in enumerate(values, start=1)]
    return Chart("Envois", "Par jour", labels or [str(n) for n in range(len(values[0]))], series)


def test_heights_are_in_the_ratio_of_the_figures_and_pile_up():
    bars = plot(columns([10, 20], [5, 0])).bars
    assert [bar.look for bar in bars] == [1, 2, 1]
    assert float(bars[2].height) == pytest.approx(2 * float(bars[0].height), rel=0.01)
    assert float(bars[1].y) + float(bars[1].height) == pytest.approx(float(bars[0].y), abs=0.2)


def test_one_among_thousands_is_still_seen():
    assert float(plot(columns([5000, 1])).bars[1].height) >= 2


@pytest.mark.parametrize("highest", [0, 1, 3, 7, 99, 100, 101, 12_345, 0.2])
def test_the_axis_holds_every_figure_and_begins_at_nothing(highest):
    shown = plot(columns([highest]))
    assert len(shown.ticks) == TICKS + 1
    assert shown.ticks[0].y == HEIGHT - BOTTOM
    assert all(float(bar.y) >= TOP - 0.1 for bar in shown.bars)


def test_a_line_stops_where_there_is_nothing_to_say():
    chart = Chart("Temps", "", ["a", "b", "c", "d"], [Series("la moitié", [1, None, 3, 4])], lines=True)
    curve = plot(chart).curves[0]
    assert curve.path.count("M") == 2
    assert len(curve.points) == 3


def test_there_is_room_for_the_labels_that_are_kept_and_the_last_is_one_of_them():
    labels = plot(columns([1] * 90)).labels
    assert len(labels) <= 10
    assert labels[-1].text == "89"


def test_the_drawing_has_a_name_a_legend_and_no_text_of_ours_unescaped():
    html = drawn(Chart("<Envois>", "Ce qu’on voit", ["<b>"], [Series("<i>", [3], 3)]))
    assert "&lt;Envois&gt;</title>" in html
    assert 'role="img"' in html
    assert "<b>" not in html and "<i>" not in html
    assert not re.search(r'(?:x|y|height|d)="[^"]*\d,\d', html)


def test_an_empty_chart_is_drawn_without_failing():
    assert "<svg" in drawn(Chart("Rien", "", [], [Series("a", [])]))
