"""The settings of the place of exchange: an SFTP server, a WebDAV server, a folder of this machine."""

import re
from typing import Annotated, Literal

import asyncssh
from pydantic import AfterValidator, Field

from etoile.sdk import access
from etoile.sdk.access import Access
from etoile.sdk.settings import Part


def fingerprint(key: str) -> str:
    """The SHA-256 fingerprint of a server's key, given by it or whole. ValueError when it is neither."""
    if re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", key):
        return key.rstrip("=")
    try:
        return asyncssh.import_public_key(key).get_fingerprint()
    except asyncssh.KeyImportError:
        raise ValueError("une clé de serveur est une empreinte « SHA256:… » ou une clé publique") from None


HostKey = Annotated[str, AfterValidator(fingerprint)]


class LocalFolder(Part):
    """A folder of the hub's machine (a mounted share, say), below one that the operator opened."""

    kind: Literal["folder"]
    path: str = Field(
        title="Dossier, chemin complet",
        description="Sous un dossier que l’exploitant du hub a ouvert (HUB_ALLOWED_FOLDERS).",
        pattern=r"^/",
    )


class Password(Part):
    kind: Literal["password"]
    secret: str = Field(
        default="password",
        title="Nom du secret qui porte le mot de passe",
        description="Le mot de passe lui-même est parmi les secrets de l’abonnement.",
    )


class PrivateKey(Part):
    kind: Literal["key"]
    secret: str = Field(
        default="private_key",
        title="Nom du secret qui porte la clé privée",
        description="La clé entière, avec ses lignes BEGIN et END, est parmi les secrets.",
    )
    passphrase_secret: str | None = Field(
        default=None,
        title="Nom du secret qui ouvre la clé privée",
        description="Pour une clé protégée, au format PKCS#8 ; vide si elle ne l’est pas.",
    )


class Sftp(Part):
    kind: Literal["sftp"]
    host: str = Field(
        title="Nom du serveur",
        description="Comme sftp.editeur.example, sans « sftp:// ».",
        min_length=1,
        pattern=r"^[A-Za-z0-9.:_-]+$",
    )
    port: int = Field(
        default=22, ge=1, le=65535, title="Port du serveur", description="22, sauf si l’éditeur en a donné un autre."
    )
    username: str = Field(title="Identifiant", description="Celui que l’éditeur a donné à la ville.", min_length=1)
    authentication: Annotated[Password | PrivateKey, Field(discriminator="kind")] = Field(
        title="Accès", description="Un mot de passe, ou une clé dont l’éditeur a reçu la partie publique."
    )
    host_keys: tuple[HostKey, ...] = Field(
        default=(),
        title="Clés du serveur (empreinte SHA256 ou clé publique)",
        description="À faire confirmer par l’éditeur. Sans elle rien ne part : la vérification dit l’empreinte reçue.",
    )


class WebDav(Part):
    kind: Literal["webdav"]
    url: str = Field(
        title="Adresse du dossier",
        description="Comme https://nuage.editeur.example/remote.php/dav/files/ville.",
        pattern=r"^https?://[^\s?#]+$",
    )
    authentication: Access | None = access.field("Accès")


Place = Annotated[LocalFolder | Sftp | WebDav, Field(discriminator="kind")]
