"""Pages are compressed for who asks; what programs read, and streams, are not."""

import gzip

import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from etoile.runtime.compression import CompressedPagesMiddleware

PAGE = "<p>Bonjour</p>" * 200


def answered(response, encodings="gzip, br"):
    request = RequestFactory().get("/", headers={"accept-encoding": encodings})
    return CompressedPagesMiddleware(lambda request: response)(request)


@pytest.mark.exigence("ECO-03")
def test_a_page_is_compressed_for_who_asks():
    response = answered(HttpResponse(PAGE))
    assert response["Content-Encoding"] == "gzip" and "Accept-Encoding" in response["Vary"]
    assert gzip.decompress(response.content).decode() == PAGE


def test_a_page_stays_whole_for_who_does_not():
    assert answered(HttpResponse(PAGE), encodings="").content.decode() == PAGE


@pytest.mark.parametrize(
    "response",
    [JsonResponse({"words": PAGE}), StreamingHttpResponse([PAGE], content_type="text/html"), HttpResponse("court")],
)
def test_what_programs_read_streams_and_short_answers_are_left_alone(response):
    assert "Content-Encoding" not in answered(response)
