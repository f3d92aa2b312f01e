"""What is joined to the message: what the mapping makes of the event, for a machine to read, and the documents."""

import json

from etoile.contract.envelope import Event
from etoile.sdk import Attachment, Context, documents_of

# Most mail servers refuse a message above 10 to 20 MB once encoded.
MAX_ATTACHED = 7 * 2**20


class TooHeavyError(ValueError):
    """What the mapping makes is too heavy for a mail."""


async def data(event: Event, context: Context) -> list[Attachment]:
    """The file of data, none without a mapping: only what the town chose to write leaves by e-mail.

    Raises MappingError, DocumentError, TooHeavyError.
    """
    if context.mapping is None:
        return []
    made = await context.filled(context.render())
    content = json.dumps(made, ensure_ascii=False, indent=2).encode()
    if len(content) > MAX_ATTACHED:
        raise TooHeavyError(len(content))
    return [Attachment(f"{_name(event)}.json", "application/json", content)]


async def documents(event: Event, context: Context) -> list[Attachment] | None:
    """The documents, none unless the setting says so; None when they are too heavy together. Raises DocumentError."""
    found = documents_of(event) if context.configuration.attach_documents else []
    if sum(document.size for document in found) > MAX_ATTACHED:
        return None
    files = []
    for document in found:
        content = b"".join([block async for block in context.open_document(document)])
        files.append(Attachment(document.name, document.media_type, content))
    return files


def _name(event: Event) -> str:
    case = event.data.get("case")
    return str(case["reference"]) if isinstance(case, dict) and "reference" in case else event.id
