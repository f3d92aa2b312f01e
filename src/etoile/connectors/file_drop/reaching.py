"""The way to the place of exchange, and what is said when the hub may not go there."""

from contextlib import AbstractAsyncContextManager

from etoile.connectors.file_drop import folder, sftp, webdav
from etoile.connectors.file_drop.configuration import Configuration
from etoile.connectors.file_drop.places import LocalFolder, Sftp, WebDav
from etoile.connectors.file_drop.stores import Store
from etoile.sdk import Context, DoorError


def opened(context: Context) -> AbstractAsyncContextManager[Store]:
    """The place of exchange, for one call. Raises DoorError or StoreError when it is entered."""
    configuration: Configuration = context.configuration
    timeout = max(0.1, min(configuration.timeout, context.remaining))
    place = configuration.place
    if isinstance(place, Sftp):
        return sftp.opened(place, context, timeout)
    if isinstance(place, WebDav):
        return webdav.opened(place, context, timeout)
    return folder.opened(place, context, timeout)


def where(configuration: Configuration) -> str:
    """The place as an address, without what gives access to it."""
    place = configuration.place
    if isinstance(place, LocalFolder):
        return f"file://{place.path.rstrip('/')}"
    return f"sftp://{place.host}:{place.port}" if isinstance(place, Sftp) else place.url.rstrip("/")


def told(error: DoorError, configuration: Configuration) -> DoorError:
    """A place that the hub may not reach is opened by its operator: which setting, and with what in it."""
    if error.kind != "refused_address":
        return error
    place = configuration.place
    if isinstance(place, LocalFolder):
        words = f"Le dossier « {place.path} » n’est pas ouvert aux connecteurs : l’exploitant du hub l’ajoute à "
        return DoorError("access", f"{words}HUB_ALLOWED_FOLDERS.")
    address = where(configuration).partition("://")[2].partition("/")[0]
    words = f"Le serveur « {address} » n’est pas joignable d’ici : s’il est sur le réseau interne, l’exploitant du hub "
    return DoorError("access", f"{words}l’ajoute à HUB_ALLOWED_PRIVATE_ADDRESSES ; sinon, corrigez son adresse.")
