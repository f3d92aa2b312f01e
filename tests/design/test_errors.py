"""The pages shown when something went wrong: plain words, and drawn even when nothing else can be."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import RequestFactory
from django.utils import translation

from etoile.design import errors

PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "503.html", "500.html")


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
    assert "Back to the home page" in html or "Try again" in html


def test_the_last_resort_speaks_both_languages_at_once():
    html = render_to_string("500.html")
    assert "Un problème est survenu" in html and 'lang="en"' in html


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.exigence("ASVS 16.5.1")
def test_no_page_of_error_tells_of_the_machine(page):
    html = render_to_string(page, {"exception": "secret", "reason": "CSRF token missing"})
    assert "secret" not in html and "token" not in html


def test_a_failure_shows_the_last_resort_and_says_503_when_the_database_is_away():
    request = RequestFactory().get("/")
    assert failed_by(ValueError(), request).status_code == 500
    away = failed_by(OperationalError(), request)
    assert away.status_code == 503 and int(away["Retry-After"]) > 0
    assert "Un problème est survenu" in away.content.decode()


def test_the_last_resort_is_read_even_when_the_templates_cannot_be(monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors, "render_to_string", broken)
    html = failed_by(ValueError(), RequestFactory().get("/")).content.decode()
    assert html.count("<h1>") == 1 and 'lang="en"' in html


def test_the_pages_of_last_resort_load_no_script_and_name_their_sheets_as_they_are_served(settings):
    for page in ("500.html", "503.html"):
        html = render_to_string(page)
        assert "<script" not in html
        assert f'href="{static("design/foundation.css")}"' in html


@pytest.mark.parametrize(
    ("referer", "shown"), [("http://testserver/demarches/x/", True), ("https://ailleurs.fr/", False)]
)
def test_a_form_without_its_token_leads_back_to_its_page_and_nowhere_else(referer, shown):
    answer = errors.no_token(RequestFactory().post("/x", headers={"referer": referer}))
    assert answer.status_code == 403
    assert (f'href="{referer}"' in answer.content.decode()) is shown


def failed_by(error, request):
    try:
        raise error
    except Exception:
        return errors.server_error(request)
