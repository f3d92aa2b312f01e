"""Exchange by files: one CSV or XML file for each delivery, and the files that the application gives back."""

import asyncio
import errno
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from etoile.connectors.file_drop import checking, dropping, picking, reaching, writing
from etoile.connectors.file_drop.configuration import Configuration
from etoile.connectors.file_drop.stores import StoreError
from etoile.contract.envelope import Event
from etoile.sdk import (
    Check,
    Connector,
    Context,
    DocumentError,
    DoorError,
    Manifest,
    MappingError,
    Outcome,
    Polled,
)
from etoile.sdk.answers import without_answer

# How each place of exchange is called, in French and in English.
PLACES = {
    "sftp": ("fichiers par SFTP", "files by SFTP"),
    "webdav": ("fichiers par WebDAV", "files by WebDAV"),
    "folder": ("dossier partagé", "shared folder"),
}


class FileDrop(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def spoken(self, configuration: Mapping[str, Any]) -> tuple[str, str]:
        """The place of exchange, rather than the connector's name for all of them."""
        place = configuration.get("place")
        return PLACES.get(place.get("kind", "") if isinstance(place, dict) else "", super().spoken(configuration))

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """The file is put down once, whatever the number of attempts. Its name, without ending, is the number."""
        drop = context.configuration.drop
        try:
            async with dropping.prepared(drop, event, context) as file:
                address = f"{reaching.where(context.configuration)}/{drop.folder.strip('/')}/{file.name}"
                with context.http.exchange("PUT", address, file.beginning()) as call:
                    async with asyncio.timeout(context.remaining), reaching.opened(context) as store:
                        new = await dropping.put(store, drop, file, context)
                    call.status = 201 if new else 200
                number = file.stem
        except DoorError as error:
            return without_answer(reaching.told(error, context.configuration))
        except StoreError as error:
            return _outcome(error)
        except OSError as error:
            words = "Le hub n’a pas pu préparer le fichier : son propre disque est peut-être plein. Il réessaie seul."
            return Outcome.retry(words, detail=errno.errorcode.get(error.errno or 0, type(error).__name__))
        except writing.Unwritable as error:
            return Outcome.fix_data(f"Le fichier ne peut pas être écrit : {error}.")
        except (writing.NotRows, MappingError) as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        words = "Le fichier est déposé." if new else "Le fichier avait été déposé par un essai précédent."
        if drop.acknowledged_later:
            return Outcome.accepted(f"{words} L’application en rendra l’accusé.", number)
        return Outcome.acknowledged(number, words)

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """Reads the files given back, a page of rows at a time. Raises DoorError, in French."""
        settings = context.configuration.poll
        if settings is None:
            return Polled(cursor)
        back = context.way_back
        if settings.reading is not None and back is None:
            raise DoorError("status", checking.NO_WAY_BACK, maybe_sent=True)
        try:
            with context.http.exchange("GET", f"{reaching.where(context.configuration)}/{settings.folder.strip('/')}"):
                async with reaching.opened(context) as store:
                    return await picking.read(store, settings, back, cursor, self._clock())
        except StoreError as error:
            raise DoorError("status", error.message, maybe_sent=True) from None
        except DoorError as error:
            raise reaching.told(error, context.configuration) from None

    async def check(self, context: Context) -> list[Check]:
        """Reached, known, let in, and each folder takes a file; what it writes it removes."""
        return await checking.check(context, lambda: reaching.opened(context))


def _outcome(error: StoreError) -> Outcome:
    if error.kind == "retry":
        return Outcome.retry(error.message, error.after, detail=error.detail)
    made = Outcome.fix_data if error.kind == "data" else Outcome.fix_configuration
    return made(error.message, error.detail)
