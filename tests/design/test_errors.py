"""The pages shown when something went wrong: plain words, and drawn even when nothing else can be."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_error_needs_neither_a_request_nor_a_database(page):
    html = render_to_string(page)
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert '<html lang="fr">' in html


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_page_of_error_speaks_english_too(page):
    with translation.override("en"):
        html = render_to_string(page, request=RequestFactory().get("/rien"))
    assert '<html lang="en">' in html
    assert "Back to the home page" in html


def test_the_last_resort_speaks_both_languages_at_once():
    html = render_to_string("500.html")
    assert "Un problème est survenu" in html and 'lang="en"' in html


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_error_tells_of_the_machine(page):
    html = render_to_string(page, {"exception": "secret", "reason": "CSRF token missing"})
    assert "secret" not in html and "token" not in html
