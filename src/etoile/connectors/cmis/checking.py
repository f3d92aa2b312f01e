"""Is everything ready? Reads only: settings, reachability, credentials, rights on the folder, types."""

from collections.abc import Iterator
from typing import Any

from etoile.connectors.cmis import repository
from etoile.connectors.cmis.configuration import Configuration
from etoile.connectors.cmis.filing import DEFAULT
from etoile.connectors.cmis.repository import Repository, Stopped
from etoile.sdk import Check, Context, DoorError, Mapping, access
from etoile.sdk.answers import without_answer

SECONDARY = "cmis:secondaryObjectTypeIds"


async def check(context: Context) -> list[Check]:
    tree = context.mapping if context.mapping is not None else DEFAULT
    faults = [each.detail for each in Mapping.examine(tree).violations]
    checks = [Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")]
    checks += access.checks(context, context.configuration.authentication)
    try:
        addresses = await repository.opened(context)
    except DoorError as error:
        return [*checks, access.failed(error, without_answer(error).message)]
    except Stopped as stopped:
        refused = stopped.outcome.http_status in (401, 403)
        reached = [Check("reachability", True, "La GED répond.")] if refused else []
        return [*checks, *reached, Check("credentials" if refused else "reachability", False, stopped.outcome.message)]
    checks += [
        Check("reachability", True, "La GED répond."),
        Check("credentials", True, "La GED accepte notre compte."),
    ]
    store = Repository(context, addresses)
    try:
        return [*checks, await _rights(store, context.configuration), await _types(store, context.configuration, tree)]
    except DoorError as error:
        return [*checks, Check("rights", False, without_answer(error).message)]
    except Stopped as stopped:
        return [*checks, Check("rights", False, stopped.outcome.message)]


async def _rights(store: Repository, settings: Configuration) -> Check:
    shown = settings.folder or "/"
    if await store.find(settings.folder) is None:
        return Check("rights", False, f"Le dossier « {shown} » n’existe pas, ou notre compte ne le voit pas.")
    allowed = await store.allowed(settings.folder)
    missing = [
        words
        for name, words in (("canCreateFolder", "un dossier"), ("canCreateDocument", "un document"))
        if allowed.get(name) is not True
    ]
    words = f"Notre compte ne peut pas créer {' ni '.join(missing)} dans « {shown} »."
    return Check("rights", not missing, words if missing else f"Notre compte peut écrire dans « {shown} ».")


async def _types(store: Repository, settings: Configuration, tree: Any) -> Check:
    """Those of the settings, and those that the mapping writes as they are."""
    named = {settings.folder_type, settings.document_type, *_named(tree)}
    missing = [name for name in sorted(named) if not await store.type_exists(name)]
    words = f"La GED ne connaît pas : {', '.join(missing)}." if missing else "La GED connaît tous les types nommés."
    return Check("types", not missing, words)


def _named(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for name, child in tree.items():
            if name in (SECONDARY, "cmis:objectTypeId"):
                listed = child if isinstance(child, list) else [child]
                yield from (each for each in listed if isinstance(each, str) and not each.startswith("="))
            else:
                yield from _named(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _named(child)
