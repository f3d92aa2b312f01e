"""Filing in a document repository: a folder for each request, its documents in it, each once."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from etoile.connectors.cmis import checking, filing, repository
from etoile.connectors.cmis.configuration import Configuration
from etoile.connectors.cmis.filing import Filed, Filing
from etoile.connectors.cmis.repository import Held, Repository, Stopped
from etoile.contract.envelope import Event
from etoile.sdk import Check, Connector, Context, DocumentError, DoorError, Manifest, MappingError, Outcome
from etoile.sdk.answers import without_answer

# What a repository says of a name that somebody took between our look and our writing.
TAKEN = frozenset({"contentAlreadyExists", "nameConstraintViolation", "constraint", "updateConflict"})


class Cmis(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Each step looks before it writes: what a try before this one left is found, and not made again.

        The number is the identifier of the request's folder.
        """
        try:
            wanted = filing.read(event, context)
            store = Repository(context, await repository.opened(context))
            path, folder = await _folder(store, context.configuration, wanted)
            there = await store.children(path) if wanted.documents else {}
            for rank, document in enumerate(wanted.documents, start=1):
                await _file(store, context.configuration, path, there, document, rank)
        except Stopped as stopped:
            return stopped.outcome
        except DoorError as error:
            return without_answer(error)
        except (MappingError, filing.NotFiled) as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        number = len(wanted.documents)
        words = f"Dossier classé dans la GED, avec {number} document{'s' if number > 1 else ''}."
        return Outcome.acknowledged(folder.id, words)

    async def check(self, context: Context) -> list[Check]:
        """Settings, reachability, credentials, rights on the folder, types. Changes nothing."""
        return await checking.check(context)


async def _folder(store: Repository, settings: Configuration, wanted: Filing) -> tuple[str, Held]:
    """Where the folder of the request is, and itself; made, with those above it, when it is missing."""
    paths = list(accumulate(wanted.folder, lambda above, name: f"{above}/{name}", initial=settings.folder))
    depth = len(paths) - 1
    while (found := await store.find(paths[depth])) is None:
        depth -= 1
        if depth < 0:
            words = f"Le dossier « {settings.folder or '/'} » n’existe pas dans la GED, ou notre compte ne le voit pas."
            raise Stopped(Outcome.fix_configuration(words))
    for path in paths[depth + 1 :]:
        found = await _made(store, settings, path, wanted.properties if path == paths[-1] else {})
    return paths[-1], found


async def _made(store: Repository, settings: Configuration, path: str, own: Mapping[str, Any]) -> Held:
    parent, _, name = path.rpartition("/")
    try:
        return await store.create_folder(parent, {"cmis:objectTypeId": settings.folder_type, **own, "cmis:name": name})
    except Stopped as stopped:
        there = await store.find(path) if stopped.exception in TAKEN else None
        if there is None:
            raise
        return there


async def _file(
    store: Repository, settings: Configuration, path: str, there: dict[str, Held], document: Filed, rank: int
) -> None:
    """Creates a document, unless it is there. What an agent changed in it since is left as it is."""
    known = there.get(document.name)
    content = (document.content, document.media_type, document.size)
    try:
        if known is None:
            properties = {"cmis:objectTypeId": settings.document_type, **document.properties}
            await store.create_document(path, {**properties, "cmis:name": document.name}, *content)
        elif known.empty and document.size:
            await store.set_content(known.id, document.name, *content)
    except Stopped as stopped:
        if stopped.exception in TAKEN and document.name in await store.children(path):
            return
        # Its name may say who the person is: the rank is enough for an agent.
        outcome = stopped.outcome
        raise Stopped(replace(outcome, message=f"Document n° {rank} : {outcome.message}")) from None
