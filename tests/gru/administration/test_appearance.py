"""The look of the town, changed on a page: colours that can be read, a logo that shows at once."""

import io

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from etoile.design.theme import theme_of
from etoile.gru.audit.models import Entry

PAGE = reverse("administration:appearance")
COLOURS = {"colour": "#0F5C6B", "accent": "#f2a93b"}


@pytest.fixture(autouse=True)
def _themes(settings, tmp_path):
    settings.THEMES_FOLDER = tmp_path


def picture(kind="JPEG"):
    content = io.BytesIO()
    Image.new("RGB", (1200, 600), "navy").save(content, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", content.getvalue())


def test_colours_are_checked_seen_then_kept(town, administrator, client):
    refused = client.post(PAGE, {**COLOURS, "colour": "#ffee00"})
    assert refused.status_code == 422
    assert "La plus proche qui convient est #" in refused.content.decode()
    assert client.post(PAGE, {**COLOURS, "accent": "rouge"}).status_code == 422
    seen = client.post(PAGE, {**COLOURS, "colour": "#7a1f5c", "preview": "1"}).content.decode()
    assert ".preview-day{" in seen and "--brand:#7a1f5c" in seen
    town.authority.refresh_from_db()
    assert town.authority.theme == {}
    assert client.post(PAGE, COLOURS).status_code == 302
    town.authority.refresh_from_db()
    assert town.authority.theme == {"colour": "#0f5c6b", "accent": "#f2a93b"}
    assert Entry.objects.get(action="theme.changed").detail["after"]["colour"] == "#0f5c6b"


def test_a_logo_is_drawn_again_served_at_once_and_taken_away(town, administrator, client, monkeypatch):
    assert client.post(PAGE, {**COLOURS, "logo": SimpleUploadedFile("a.svg", b"<svg/>")}).status_code == 422
    assert client.post(PAGE, {**COLOURS, "logo": SimpleUploadedFile("a.png", b"\x89PNG")}).status_code == 422
    assert client.post(PAGE, {**COLOURS, "logo": picture()}).status_code == 302
    town.authority.refresh_from_db()

    def not_collected(name):
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr(staticfiles_storage, "url", not_collected)
        address = theme_of(town.authority.theme).logo
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    shown = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (shown.format, shown.size) == ("PNG", (480, 240))
    for name in ("../../etc/passwd", "valmont/rien.png", "valmont/.x.png"):
        assert client.get(f"/apparence/{name}").status_code == 404
    client.post(PAGE, {"remove_logo": "1"})
    town.authority.refresh_from_db()
    assert theme_of(town.authority.theme).logo == ""
