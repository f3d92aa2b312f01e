"""Pages leave compressed; files were compressed once, when they were collected, and what programs read is left alone.

Django's middleware adds up to a hundred random bytes to each answer, against guessing a secret by its length (BREACH).
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPagesMiddleware(GZipMiddleware):
    """Gzip for HTML that is whole in memory; a stream (a document, an export) goes as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
