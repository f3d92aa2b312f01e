"""A simulated mail server (aiosmtpd, extra `demo`), for the tests of this connector."""

import socket
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


class Letterbox:
    """Keeps what it takes in `messages` (bytes). `answer` replaces the usual "250 OK": "451 …", "550 …"."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        with socket.socket() as probe:  # aiosmtpd connects to the port it was given: it must be a real one
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.messages.append(envelope.content)
        return self.answer

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"
