"""Reading a message of the journal again: it was checked when it was accepted, so it is only parsed here."""

from datetime import datetime

import orjson

from etoile.contract.envelope import Event

FIELDS = ("id", "source", "type", "subject", "authority", "data", "sequence", "correlationid", "dataschema")


class UnreadableError(ValueError):
    """The journal does not hold this message any more, or not as a message."""


def read(payload: str | None) -> Event:
    """The event as it was accepted. Raises UnreadableError."""
    try:
        raw = orjson.loads(payload or "")
        known = {name: raw.pop(name) for name in FIELDS if name in raw}
        time = datetime.fromisoformat(raw.pop("time"))
        del raw["specversion"], raw["datacontenttype"]
        return Event(time=time, extensions=raw, **known)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError("the message cannot be read") from error
