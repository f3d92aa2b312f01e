"""A town brings its logo, its image and its two colours: in the file that describes it, refused in plain words."""

import pytest

from etoile.gru.access import services
from etoile.gru.access.services import Refused
from etoile.gru.access.themes import LARGEST, ThemeFileError, keep_theme_files


@pytest.fixture
def folder(tmp_path, settings):
    settings.THEMES_FOLDER = tmp_path / "kept"
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "logo.svg").write_text("<svg/>")
    return tmp_path


def test_the_files_are_kept_under_the_name_of_the_town(folder):
    kept = keep_theme_files({"colour": "#0f5c6b", "logo": "theme/logo.svg"}, folder=folder, slug="ville")
    assert kept == {"colour": "#0f5c6b", "logo": "ville/logo.svg"}
    assert [path.name for path in (folder / "kept" / "ville").iterdir()] == ["logo.svg"]


def test_an_absent_or_heavy_file_is_refused(folder):
    with pytest.raises(ThemeFileError, match="n’existe pas"):
        keep_theme_files({"image": "theme/photo.jpg"}, folder=folder, slug="ville")
    (folder / "theme" / "photo.jpg").write_bytes(b"0" * (LARGEST + 1))
    with pytest.raises(ThemeFileError, match="600 ko"):
        keep_theme_files({"image": "theme/photo.jpg"}, folder=folder, slug="ville")


@pytest.mark.exigence("A11Y-13")
def test_an_authority_is_not_kept_with_colours_that_cannot_be_read(db):
    values = {"slug": "ville", "name": "Ville", "theme": {"colour": "#ffee00"}}
    with pytest.raises(Refused, match="La plus proche qui convient est #"):
        services.keep_authority("21490999900017", values)
