"""The star as a drawing: every ray in words, in shape and in colour; never two cards on one another."""

import re

import pytest
from django.template import Context, Template

from etoile.design.star import CARD_HEIGHT, CARD_WIDTH, THICKEST, WIDTH, Ray, Star, drawing


def star(number, **more):
    rays = [Ray(f"Application {n}", f"/applications/{n}", "tout va bien", **more) for n in range(number)]
    return Star("Hub", "L’étoile", "Le hub et ses applications", rays)


def drawn(content):
    return Template("{% load design %}{% star content %}").render(Context({"content": content}))


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 8, 9, 18, 31])
def test_no_card_covers_another_nor_leaves_the_drawing(number):
    shown = drawing(star(number))
    assert len(shown.cards) == number
    for card in shown.cards:
        assert 0 <= card.x <= WIDTH - CARD_WIDTH
        assert 0 <= card.y <= shown.height - CARD_HEIGHT
        for other in shown.cards:
            if other is not card:
                assert abs(card.x - other.x) >= CARD_WIDTH or abs(card.y - other.y) >= CARD_HEIGHT


def test_the_largest_volume_has_the_thickest_lane_and_none_the_thinnest():
    rays = [Ray(str(n), "/", "", outward=n) for n in (0, 10, 1000)]
    widths = [float(card.outward.width) for card in drawing(Star("Hub", "", "", rays)).cards]
    assert widths == sorted(widths)
    assert widths[-1] == THICKEST


def test_each_application_is_a_link_that_says_how_it_stands():
    ray = Ray(
        "Voirie", "/voirie", "3 envois à traiter", "danger", "cross", "Voirie : 3 envois à traiter.", outward=1204
    )
    html = drawn(Star("Hub", "L’étoile", "Tout", [ray]))
    assert 'href="/voirie" aria-label="Voirie : 3 envois à traiter."' in html
    assert "3 envois à traiter</text>" in html
    assert "tone-danger" in html
    assert "1\u202f204</text>" in html


@pytest.mark.parametrize("line", ["dashed", "dotted", "broken"])
def test_a_lane_in_trouble_is_told_by_its_line_and_not_by_its_colour_alone(line):
    html = drawn(star(1, outward_line=line))
    assert re.search(rf'class="star-lane star-outward star-{line}', html)


def test_what_the_drawing_says_is_escaped():
    html = drawn(Star("<b>", "<i>", "", [Ray("<script>", "/", "<u>")]))
    assert "<script>" not in html and "<b>" not in html and "<u>" not in html


def test_numbers_are_written_for_machines_in_french_too():
    assert not re.search(r'(?:d|x|y|stroke-width)="[^"]*\d,\d', drawn(star(5, outward=12)))


def test_a_card_says_what_is_spoken_on_its_arm_and_what_waits_on_it():
    html = drawn(star(3, spoken="SOAP", waits="4 attendent"))
    assert html.count('<tspan class="star-spoken">SOAP</tspan> · <tspan class="star-waits">4 attendent') == 3
    long = drawing(star(1, spoken="REST/JSON, SOAP, fichiers, courriel", waits="1200 attendent")).cards[0]
    assert len(f"{long.spoken} · {long.ray.waits}") <= 32 and long.spoken.endswith("…")


def test_the_list_of_a_narrow_screen_says_of_each_application_all_that_its_card_says():
    html = drawn(star(2, spoken="SOAP", waits="4 attendent", volumes="12 reçus, 3 émis")).partition("</svg>\n<ul")[2]
    for words in ("Application 1", 'href="/applications/1"', "tout va bien", "SOAP", "4 attendent", "12 reçus, 3 émis"):
        assert words in html
