"""What a browser receives: hashed names kept for a year, and Brotli when it knows it."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from etoile import design

SOURCES = Path(design.__file__).parent / "static" / "design"


@pytest.fixture
def served(settings, tmp_path, db):
    """The files of the design as production stores them, and the middleware that answers for them."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_DIRS = [("design", SOURCES)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)
    answer = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))

    def get(name, encodings):
        request = RequestFactory().get(staticfiles_storage.url(name), headers={"accept-encoding": encodings})
        response = answer(request)
        body = b"".join(response)
        response.close()
        return response, body

    return get


@pytest.mark.exigence("ECO-02")
@pytest.mark.parametrize("name", ["foundation.css", "components.css", "portal.css", "workbench.css", "enhance.js"])
def test_a_file_has_a_hashed_name_a_year_of_life_and_is_sent_in_brotli(served, name):
    response, body = served(f"design/{name}", "gzip, br")
    assert response.status_code == 200
    assert re.search(r"\.[0-9a-f]{12}\.", staticfiles_storage.url(f"design/{name}"))
    assert "max-age=315360000" in response["Cache-Control"] and "immutable" in response["Cache-Control"]
    assert response["Content-Encoding"] == "br" and "Accept-Encoding" in response["Vary"]
    assert brotli.decompress(body) == (SOURCES / name).read_bytes()


def test_a_browser_without_brotli_gets_gzip(served):
    response, body = served("design/foundation.css", "gzip")
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == (SOURCES / "foundation.css").read_bytes()
