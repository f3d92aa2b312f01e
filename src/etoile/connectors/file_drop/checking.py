"""Whether the place of exchange is what the settings say."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from uuid import uuid4

from etoile.connectors.file_drop import reaching
from etoile.connectors.file_drop.configuration import Configuration
from etoile.connectors.file_drop.stores import NotLetIn, Store, StoreError, joined, once
from etoile.sdk import Check, Context, DoorError, access
from etoile.sdk.answers import without_answer

NO_WAY_BACK = (
    "La correspondance de l’abonnement ne dit pas ce que veulent dire les lignes rendues : ajoutez-y « return » "
    "(colonne de l’état, table des états)."
)


async def check(context: Context, opened: Callable[[], AbstractAsyncContextManager[Store]]) -> list[Check]:
    """One line for the access, one for each folder."""
    configuration: Configuration = context.configuration
    try:
        async with opened() as store:
            await _answers(store, configuration)
            checks = [Check("reachability", True, "Le lieu d’échange répond et nous laisse entrer.")]
            for name, folder in _folders(configuration).items():
                checks.append(await _writable(store, name, folder))
            return [*checks, *_understood(context), *await _waiting(store, configuration)]
    except StoreError as error:
        return [Check("credentials" if isinstance(error, NotLetIn) else "reachability", False, error.message)]
    except DoorError as error:
        error = reaching.told(error, configuration)
        return [access.failed(error, without_answer(error).message)]


async def _answers(store: Store, configuration: Configuration) -> None:
    """One question, so that a refusal of who we are is said once and not for each folder. What a folder refuses is
    said in its line."""
    try:
        await store.files(configuration.drop.folder)
    except NotLetIn:
        raise
    except StoreError:
        return


def _folders(configuration: Configuration) -> dict[str, str]:
    drop, poll = configuration.drop, configuration.poll
    found = {"drop.folder": drop.folder}
    if drop.documents is not None and drop.documents.folder is not None:
        found["drop.documents.folder"] = drop.documents.folder
    if poll is not None:
        found |= {"poll.folder": poll.folder, "poll.archive": poll.archive, "poll.quarantine": poll.quarantine}
    return found


async def _writable(store: Store, name: str, folder: str) -> Check:
    """Writes, renames and removes a hidden file: a folder that refuses one of the three would fail later."""
    shown = folder.strip("/") or "/"
    start = f".etoile-{uuid4().hex}"
    probe, renamed = joined(folder, f"{start}.part"), joined(folder, f"{start}.essai")
    try:
        await store.files(folder)
        try:
            await store.write(probe, once(b"essai\n"))
            await store.rename(probe, renamed)
        finally:
            for path in (probe, renamed):
                with suppress(StoreError):
                    await store.remove(path)
        if await store.find(renamed) is not None:
            return Check(name, False, f"Le dossier « {shown} » ne nous laisse pas retirer un fichier.")
    except StoreError as error:
        return Check(name, False, f"Dossier « {shown} » : {error.message}")
    return Check(name, True, f"Le dossier « {shown} » existe et prend les fichiers.")


def _understood(context: Context) -> list[Check]:
    poll = context.configuration.poll
    if poll is None or poll.reading is None:
        return []
    understood = context.way_back is not None
    words = "La correspondance dit ce que veulent dire les lignes rendues." if understood else NO_WAY_BACK
    return [Check("return", understood, words)]


async def _waiting(store: Store, configuration: Configuration) -> list[Check]:
    """Files that could not be read wait for somebody: they are said here as long as they are there."""
    if configuration.poll is None:
        return []
    try:
        found = await store.files(configuration.poll.quarantine)
    except StoreError:
        return []
    reasons = sum(each.name.endswith(".motif.txt") for each in found)
    if not reasons:
        return [Check("quarantine", True, "Aucun fichier illisible n’attend.")]
    folder = configuration.poll.quarantine.strip("/")
    words = f"{reasons} fichier(s) illisible(s) dans « {folder} » : le motif est écrit à côté de chacun."
    return [Check("quarantine", False, words)]
