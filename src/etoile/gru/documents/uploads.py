"""The first thing a posted file meets: a limit on the whole request, so that nobody fills the disk before a refusal."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUpload(FileUploadHandler):
    """Counts what really arrives: a request may lie on its length. Keeps nothing; the next handlers do."""

    received = 0

    def handle_raw_input(self, input_data: Any, headers: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        self._count(0, declared=content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._count(len(raw_data))
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _count(self, size: int, declared: int = 0) -> None:
        self.received += size
        if max(self.received, declared) > settings.DOCUMENTS_REQUEST_LIMIT:
            raise RequestDataTooBig("The files of one request exceed DOCUMENTS_REQUEST_LIMIT.")
