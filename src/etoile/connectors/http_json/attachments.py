"""The documents of an event: one request each, streamed, and not twice when the application can list what it has."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

from etoile.connectors.http_json import exchange
from etoile.connectors.http_json.classification import outcome_of
from etoile.connectors.http_json.configuration import Attachments, Configuration
from etoile.contract.envelope import Event
from etoile.sdk import Context, Document, DocumentError, DoorError, Part, documents_of, formulas
from etoile.sdk.answers import by_status
from etoile.sdk.declared import Stopped


async def send_all(context: Context, event: Event, *, handle: str, external_id: str) -> None:
    """Send what is not there yet. Raises Stopped at the first that does not pass, DocumentError or DoorError."""
    configuration: Configuration = context.configuration
    settings, documents = configuration.attachments, documents_of(event)
    if settings is None or not documents:
        return
    values: dict[str, Any] = {"event": event.to_dict(), "handle": handle, "external_id": external_id}
    there = await _already_there(context, settings, values)
    for rank, document in enumerate(documents, start=1):
        if there[document.name]:
            there[document.name] -= 1
        else:
            await _send(context, settings, document, rank, values | {"document": asdict(document)})


async def _already_there(context: Context, settings: Attachments, values: dict[str, Any]) -> Counter[str]:
    """The names of the documents the application has, each as many times as it has it."""
    if settings.existing_path is None or settings.existing_names is None:
        return Counter()
    answer = await exchange.call(context, "GET", formulas.fill(settings.existing_path, **values))
    if refusal := by_status(answer):
        raise Stopped(refusal)
    names = formulas.evaluate(settings.existing_names, response=answer.for_expressions())
    return Counter(str(name) for name in names) if isinstance(names, list) else Counter()


async def _send(
    context: Context,
    settings: Attachments,
    document: Document,
    rank: int,
    values: dict[str, Any],
) -> None:
    fields = [Part(name, formulas.leaf(value, **values)) for name, value in settings.fields.items()]
    unreadable: list[DocumentError] = []

    def parts() -> list[Part]:
        content = _watched(context.open_document(document), unreadable)
        return [*fields, Part(settings.field, content, document.name, document.media_type, document.size)]

    try:
        answer = await exchange.call(
            context,
            "POST",
            formulas.fill(settings.path, **values),
            headers={"Idempotency-Key": f'"{context.idempotency_key}-{document.id}"'},
            multipart=parts,
        )
    except DoorError:
        if unreadable:
            raise unreadable[0] from None
        raise
    outcome = outcome_of(context.configuration, answer, values["event"], empty_allowed=True)
    if outcome and not outcome.kind.settles:
        # Its name may say who the person is: the rank is enough for an agent.
        raise Stopped(replace(outcome, message=f"Pièce n° {rank} : {outcome.message}"))


async def _watched(blocks: AsyncIterator[bytes], unreadable: list[DocumentError]) -> AsyncIterator[bytes]:
    """A source that fails while it is being sent looks like a broken connection: remember what it was."""
    try:
        async for block in blocks:
            yield block
    except DocumentError as error:
        unreadable.append(error)
        raise
