"""All that a connector is given beside the event: settings, secrets, the doors, and how long it may take."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from etoile.contract.envelope import Event
from etoile.sdk import documents
from etoile.sdk.documents import Document
from etoile.sdk.door import Door
from etoile.sdk.mail import MailDoor
from etoile.sdk.mapping import Answered, Return, contents
from etoile.sdk.mapping import Mapping as TreeMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call of a connector.

    `configuration`: a validated instance of the connector's `Configuration`. `secrets`: resolved, by name. `attempt`
    starts at 1. `idempotency_key` is the same at each attempt. `deadline` is on the monotonic clock. `application`: its
    slug. `subscription`: the slug of what holds these settings; with `provider`, a provider of a lookup. `event`: the
    prepared event, None for poll, lookup, receive, held, check. `mapping`: that of the subscription, if any.
    """

    configuration: Any
    secrets: Mapping[str, str]
    http: Door
    mail: MailDoor
    idempotency_key: str
    attempt: int
    deadline: float
    application: str
    subscription: str = ""
    provider: bool = False
    event: Event | None = None
    mapping: Any = None

    def __repr__(self) -> str:
        # Secrets and personal values must not reach a log through a traceback.
        return f"<Context {self.application}/{self.subscription} attempt {self.attempt}>"

    @property
    def remaining(self) -> float:
        """Seconds left before the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def render(self, tree: Any = None) -> Any:
        """A mapping tree (that of the subscription by default) computed on the event. MappingError, in French."""
        chosen = self.mapping if tree is None else tree
        values = {"event": self.event.to_dict()} if self.event is not None else {}
        return _read(chosen, tuple(values)).apply(values)

    def answered(self, answer: Any) -> Answered | None:
        """What an answer of the application says, by the `return` of the mapping; None when there is no such part.

        MappingError, in French, when the answer is not what that part expects.
        """
        back = self.way_back
        return back.read(answer) if back is not None else None

    @property
    def way_back(self) -> Return | None:
        """The `return` of the mapping: for a connector that reads many answers with it."""
        return _read(self.mapping, ("event",)).back if self.mapping is not None else None

    async def filled(self, tree: Any) -> Any:
        """What a mapping made, with the contents it asks for in base64. DocumentError, MappingError: see `contents`."""
        return await contents.filled(tree, None if self.http.rehearsing else self.open_document)

    def open_document(self, document: Document | Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
        """The content of a document, in blocks; its size and SHA-256 are checked at the end. Raises DocumentError."""
        found = document if isinstance(document, Document) else Document.from_dict(document)
        return documents.read(self.http, found, timeout=max(1.0, self.remaining))


def _read(tree: Any, variables: tuple[str, ...]) -> TreeMapping:
    """A mapping compiled once for all the deliveries of its subscription: reading one takes as long as sending it."""
    try:
        return _compiled(json.dumps(tree), variables)
    except (TypeError, ValueError):
        return TreeMapping.examine(tree, variables)


@lru_cache(maxsize=512)
def _compiled(written: str, variables: tuple[str, ...]) -> TreeMapping:
    return TreeMapping.examine(json.loads(written), variables)
