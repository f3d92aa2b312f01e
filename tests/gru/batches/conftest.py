"""Where exports are put, for a test."""

import pytest


@pytest.fixture(autouse=True)
def exports(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    return settings.EXPORTS_FOLDER
