"""A photo is made smaller when its sender asks for it: readable, upright, and saying no longer where it was taken."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from etoile.gru.documents import lightening
from etoile.gru.documents.places import place_of
from etoile.gru.documents.services import DocumentRefused, keep, received

PLACE, ORIENTATION = 0x8825, 0x0112


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """The same proportions as in life, without its points."""
    monkeypatch.setattr(lightening, "LONGEST_SIDE", 200)


def photo(form: str, size=(300, 150), mode="RGB", quarter=1) -> bytes:
    """Of noise, which compresses badly, as a photo does."""
    content = io.BytesIO()
    noise = Image.effect_noise(size, 90).convert(mode)
    noise.putpixel((0, 0), 0 if mode == "L" else (0,) * len(mode))
    exif = Image.Exif()
    exif[ORIENTATION] = quarter
    exif[PLACE] = {1: "N", 2: (47.0, 28.0, 0.0)}
    noise.save(content, form, exif=exif)
    return content.getvalue()


def kept(town, content, name, *, lighten=True, max_size=800_000, accept=("jpeg", "png")):
    upload = SimpleUploadedFile(name, content)
    with received(upload, accept=accept, max_size=max_size, lighten=lighten) as file:
        return keep(file, town.authority, uuid.uuid4(), field="photo")


def test_a_photo_too_heavy_is_refused_unless_it_may_be_made_lighter(town, folder):
    heavy = photo("JPEG", quarter=6)
    with pytest.raises(DocumentRefused, match="trop lourd"):
        kept(town, heavy, "photo.jpg", lighten=False, max_size=len(heavy) - 1)
    document = kept(town, heavy, "photo.jpg", max_size=len(heavy) - 1)
    with Image.open(place_of(document.id)) as picture:
        # Turned upright: a telephone keeps its photos lying down, and says so beside.
        assert picture.size == (100, 200)
        assert dict(picture.getexif()) == {}
    assert document.size == place_of(document.id).stat().st_size < len(heavy)


LIGHTENED = [
    ("PNG", "RGB", "image/jpeg", "plan.jpg", ("jpeg", "png")),
    ("PNG", "RGBA", "image/png", "plan.png", ("jpeg", "png")),
    ("PNG", "RGB", "image/png", "plan.png", ("png",)),
]


@pytest.mark.parametrize(("form", "mode", "media_type", "name", "accept"), LIGHTENED)
def test_a_drawing_stays_one_when_it_must(town, folder, form, mode, media_type, name, accept):
    document = kept(town, photo(form, (240, 60), mode), "plan.png", max_size=10_000_000, accept=accept)
    assert (document.media_type, document.name) == (media_type, name)


def test_what_is_light_enough_is_kept_as_it_came(town, folder):
    content = photo("JPEG", (60, 30))
    small = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.save(small, "JPEG", quality=5)
    document = kept(town, small.getvalue(), "photo.jpg")
    assert place_of(document.id).read_bytes() == small.getvalue()


def test_a_picture_that_cannot_be_opened_or_is_too_large_is_told(town, folder, monkeypatch):
    with pytest.raises(DocumentRefused, match="allégée"):
        kept(town, photo("JPEG")[:200], "photo.jpg")
    monkeypatch.setattr(lightening, "MOST_PIXELS", 100)
    with pytest.raises(DocumentRefused, match="allégée"):
        kept(town, photo("JPEG", (40, 20)), "photo.jpg")
