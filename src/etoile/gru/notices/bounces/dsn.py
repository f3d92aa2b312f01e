"""A delivery report (RFC 3464) in a few words. Pure: bytes in, values out."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message

# `<identifier@domain>`, as `services.send_later` writes it.
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Returned:
    """One notice that was not delivered. `status` is an enhanced code (RFC 3463), such as `5.1.1`; its first figure is
    5 when it is final, 4 when the last server gave up after trying."""

    notice: uuid.UUID
    status: str


def read(content: bytes) -> list[Returned]:
    """What a message reports of our notices; empty for any other message, a report of delay or of success included.

    Nothing of the diagnostic is kept: servers quote in it what they like, addresses first.
    """
    message = message_from_bytes(content, policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return []
    try:
        notice = _notice(message)
        statuses = [status for status in map(_failure, _recipients(message)) if status]
    except (MessageError, ValueError, LookupError):
        return []
    # A notice has one reader: the gravest of what is said of them.
    return [Returned(notice, max(statuses))] if notice is not None and statuses else []


def _recipients(report: EmailMessage) -> Iterator[Message]:
    """The groups of fields of the machine-readable part; the first is about the message, the others of its readers."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (each for each in part.get_payload() if isinstance(each, Message))  # type: ignore[union-attr]


def _failure(fields: Message) -> str:
    """The status of a reader the message did not reach; empty for the others."""
    if str(fields.get("Action", "")).strip().lower() != "failed":
        return ""
    found = _STATUS.search(str(fields.get("Status", ""))) or _STATUS.search(str(fields.get("Diagnostic-Code", "")))
    return found[0] if found and found[1] != "2" else "5.0.0"


def _notice(report: EmailMessage) -> uuid.UUID | None:
    """The notice that came back, by the Message-ID of what is joined: the message, or its headers alone."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            joined = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)  # type: ignore[arg-type]
        elif kind == "message/rfc822" and part.get_payload():
            joined = part.get_payload(0)  # type: ignore[assignment]
        else:
            continue
        found = _OURS.search(str(joined.get("Message-ID", "")))
        if found:
            return uuid.UUID(found[1])
    return None
