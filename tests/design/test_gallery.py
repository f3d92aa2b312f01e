"""The gallery shows every component, live and with its code, to those who may see it."""

import re

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from etoile.design.gallery import views
from etoile.design.gallery.catalogue import GROUPS
from etoile.design.templatetags import design as tags


@pytest.fixture
def opened(db):
    def get(view, **kwargs):
        return view(RequestFactory().get("/design/"), **kwargs).content.decode()

    return get


@pytest.mark.parametrize("slug", [group.slug for group in GROUPS])
def test_each_group_is_drawn_with_the_code_of_each_example(opened, slug):
    html = opened(views.group, slug=slug)
    group = next(each for each in GROUPS if each.slug == slug)
    assert html.count('class="gallery-stage"') == len(group.examples)
    assert html.count("<h1>") == 1
    assert "{% load design %}" in html or slug == "x"


def test_the_foundations_show_every_token_and_its_contrasts(opened):
    html = opened(views.foundations)
    assert "--brand-soft" in html and "<caption>Contrastes</caption>" in html


def test_the_gallery_speaks_english_too(opened):
    with translation.override("en"):
        assert "Buttons and links" in opened(views.group, slug="actions")


def test_every_component_has_an_example():
    sources = "".join(path.read_text() for path in views.EXAMPLES.glob("*.html"))
    shown = set(re.findall(r"{% (\w+)", sources))
    parts_of_a_layout = {"icon_sprite", "icon_strokes", "theme", "theme_style", "town_mark", "monogram", "nav_item"}
    assert set(tags.register.tags) - shown - parts_of_a_layout == set()
    assert engines["django"].get_template("design/gallery/group.html")


def test_every_example_is_in_a_group():
    named = {example.slug for group in GROUPS for example in group.examples}
    assert {path.stem for path in views.EXAMPLES.glob("*.html")} == named


def test_an_unknown_group_is_not_found(opened):
    with pytest.raises(views.Http404):
        opened(views.group, slug="rien")
