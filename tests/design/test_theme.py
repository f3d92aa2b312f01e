"""The theme of a town: what is wrong in its record is told when it is written, and never breaks a page."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from etoile.design.theme import Theme, problems_of, theme_of


class Town:
    name = "Étampes"

    def __init__(self, theme):
        self.theme = theme


def drawn(source, **context):
    return Template("{% load design %}" + source).render(Context(context))


def test_a_town_without_a_theme_has_the_default_look_and_its_initial():
    assert theme_of(None) == theme_of({}) == Theme()
    assert ">É</text>" in drawn("{% town_mark town %}", town=Town({}))
    assert drawn("{% theme town as look %}{% theme_style look %}", town=Town({})) == ""


def test_a_logo_stands_in_place_of_the_initial_and_says_nothing_twice():
    html = drawn("{% town_mark town %}", town=Town({"logo": "etampes/logo.svg"}))
    assert html == '<img class="logo" src="/static/themes/etampes/logo.svg" alt="" height="52">'


@pytest.mark.parametrize("name", ["../secrets/key.svg", "/etc/passwd", "logo.php", "a b.svg", "x.svg?y", 3, None])
def test_a_name_that_is_no_image_of_the_folder_is_left_out(name):
    assert theme_of({"logo": name}).logo == ""


def test_the_palette_is_written_with_the_nonce_for_day_and_for_night():
    request = RequestFactory().get("/")
    request.csp_nonce = "abc"
    html = drawn("{% theme town as look %}{% theme_style look %}", town=Town({"colour": "#5b2a6e"}), request=request)
    assert html.startswith('<style nonce="abc">:root{')
    assert html.count("--brand:") == 2 and "prefers-color-scheme:dark" in html


@pytest.mark.exigence("A11Y-13")
def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_one():
    assert problems_of({"colour": "#0f5c6b"}) == []
    (problem,) = problems_of({"colour": "#ffd100"})
    assert "#ffd100" in problem and "La plus proche qui convient est #" in problem
    nearest = problem.rpartition(" ")[2].rstrip(".")
    assert problems_of({"colour": nearest}) == []
    assert theme_of({"colour": "#ffd100"}).palette is None


def test_every_problem_of_a_theme_is_told_at_once():
    assert len(problems_of({"colour": "teal", "logo": "logo.php", "image": "é.png"})) == 3
