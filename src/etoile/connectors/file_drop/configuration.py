"""The settings of the connector: where the files go, how they are written, and how returned ones are read."""

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import asyncssh
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from etoile.sdk import access
from etoile.sdk.access import Access

Encoding = Literal["utf-8", "utf-8-bom", "iso-8859-1", "iso-8859-15", "windows-1252"]
CODECS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}


def _below(folder: str) -> str:
    if any(part in (".", "..") for part in folder.split("/")) or any(each in folder for each in "\0\\\r\n"):
        raise ValueError("un dossier se dit depuis le lieu d’échange, avec « / » entre les noms, sans « .. »")
    return folder


# Below the place of exchange, never above it.
Folder = Annotated[str, Field(max_length=500), AfterValidator(_below)]
Suffix = Annotated[str, Field(pattern=r"^\.[A-Za-z0-9._-]{1,20}$")]
XmlName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9._-]*$", max_length=100)]


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"fuseau horaire inconnu : {name}") from None
    return name


def fingerprint(key: str) -> str:
    """The SHA-256 fingerprint of a server's key, given by it or whole. ValueError when it is neither."""
    if re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", key):
        return key.rstrip("=")
    try:
        return asyncssh.import_public_key(key).get_fingerprint()
    except asyncssh.KeyImportError:
        raise ValueError("une clé de serveur est une empreinte « SHA256:… » ou une clé publique") from None


HostKey = Annotated[str, AfterValidator(fingerprint)]
Timezone = Annotated[str, AfterValidator(_known_timezone)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalFolder(Part):
    """A folder of the hub's machine (a mounted share, say), below one that the operator opened."""

    kind: Literal["folder"]
    path: str = Field(title="Dossier, chemin complet", pattern=r"^/")


class Password(Part):
    kind: Literal["password"]
    secret: str = Field(default="password", title="Nom du secret qui porte le mot de passe")


class PrivateKey(Part):
    kind: Literal["key"]
    secret: str = Field(default="private_key", title="Nom du secret qui porte la clé privée")
    passphrase_secret: str | None = Field(default=None, title="Nom du secret qui ouvre la clé privée")


class Sftp(Part):
    kind: Literal["sftp"]
    host: str = Field(title="Nom du serveur", min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(default=22, ge=1, le=65535, title="Port du serveur")
    username: str = Field(title="Identifiant", min_length=1)
    authentication: Annotated[Password | PrivateKey, Field(discriminator="kind")] = Field(title="Accès")
    host_keys: tuple[HostKey, ...] = Field(
        default=(),
        title="Clés du serveur (empreinte SHA256 ou clé publique)",
        description="À faire confirmer par l’éditeur. Sans elle rien ne part : la vérification dit l’empreinte reçue.",
    )


class WebDav(Part):
    kind: Literal["webdav"]
    url: str = Field(title="Adresse du dossier", pattern=r"^https?://[^\s?#]+$")
    authentication: Access | None = access.field("Accès")


Place = Annotated[LocalFolder | Sftp | WebDav, Field(discriminator="kind")]


class Writing(Part):
    """What both formats have in common."""

    encoding: Encoding = Field(default="utf-8", title="Encodage")
    unwritable: Literal["transliterate", "refuse"] = Field(
        default="transliterate", title="Caractère que l’encodage ne connaît pas : remplacer, ou refuser"
    )
    decimal: Literal[",", "."] = Field(default=",", title="Séparateur décimal")
    true: str = Field(default="oui", title="Mot pour « vrai »")
    false: str = Field(default="non", title="Mot pour « faux »")
    dates: dict[str, str] = Field(default_factory=dict, title="Format de date de chaque colonne, comme %d/%m/%Y")
    timezone: Timezone = Field(default="Europe/Paris", title="Fuseau horaire des dates")


class Csv(Writing):
    """The mapping gives an object (one row) or a list of objects (rows), whose names are the columns."""

    kind: Literal["csv"]
    columns: tuple[str, ...] = Field(min_length=1, title="Colonnes, dans l’ordre")
    header: bool = Field(default=True, title="Écrire la ligne de titres")
    separator: Literal[";", ",", "\t", "|"] = Field(default=";", title="Séparateur")
    quoting: Literal["minimal", "all"] = Field(default="minimal", title="Guillemets : au besoin, ou partout")
    line_end: Literal["crlf", "lf"] = Field(default="crlf", title="Fin de ligne")
    line_breaks: Literal["space", "keep"] = Field(default="space", title="Retour à la ligne dans une case")
    formulas: Literal["neutralise", "keep"] = Field(
        default="neutralise", title="Case qu’un tableur prendrait pour une formule"
    )

    @model_validator(mode="after")
    def columns_differ(self) -> Self:
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("deux colonnes portent le même nom")
        return self


class Xml(Writing):
    """The mapping gives the tree: an object is elements, a list repeats one, "@name" is an attribute, "#text" text."""

    kind: Literal["xml"]
    root: XmlName = Field(title="Élément racine")
    namespace: str | None = Field(default=None, title="Espace de noms")
    decimal: Literal[",", "."] = Field(default=".", title="Séparateur décimal")
    true: str = Field(default="true", title="Mot pour « vrai »")
    false: str = Field(default="false", title="Mot pour « faux »")


Format = Annotated[Csv | Xml, Field(discriminator="kind")]


class Documents(Part):
    folder: Folder | None = Field(default=None, title="Dossier des pièces ; sinon, celui du fichier")
    column: str | None = Field(default=None, title="Colonne ou élément où écrire le nom des fichiers")


class Drop(Part):
    folder: Folder = Field(default="", title="Dossier de dépôt")
    name: str = Field(default="etoile", title="Début du nom de fichier ; commence par « = » pour une expression")
    format: Format = Field(title="Format du fichier")
    checksum: bool = Field(default=False, title="Écrire l’empreinte SHA-256 à côté (.sha256)")
    marker: Suffix | None = Field(default=None, title="Fichier témoin écrit en dernier, comme .ok")
    taken: Folder | None = Field(default=None, title="Dossier où l’application range ce qu’elle a pris")
    documents: Documents | None = Field(default=None, title="Pièces de la demande")
    acknowledged_later: bool = Field(default=False, title="Attendre l’accusé que l’application rend par fichier")


class Reading(Part):
    """How to find the rows. What they mean is said by the `return` of the mapping, which sees a row as `answer`.

    `number` holds the number by which the hub knows the request (by default the name of the dropped file).
    """

    kind: Literal["csv", "xml"] = Field(default="csv", title="Format")
    encoding: Encoding = Field(default="utf-8", title="Encodage (CSV)")
    separator: Literal[";", ",", "\t", "|"] = Field(default=";", title="Séparateur (CSV)")
    element: XmlName | None = Field(default=None, title="Élément qui tient lieu de ligne (XML)")
    number: str = Field(title="Colonne du numéro", min_length=1)

    @model_validator(mode="after")
    def xml_says_its_rows(self) -> Self:
        if self.kind == "xml" and self.element is None:
            raise ValueError("« element » dit quel élément du XML tient lieu de ligne")
        return self


class Poll(Part):
    folder: Folder = Field(title="Dossier des fichiers rendus")
    archive: Folder = Field(title="Dossier où ranger ce qui est lu")
    quarantine: Folder = Field(title="Dossier où ranger ce qui est illisible")
    pattern: str = Field(default="*.csv", title="Noms des fichiers, comme *.csv", pattern=r"^[^/\x00]+$")
    marker: Suffix | None = Field(default=None, title="Fichier témoin attendu, comme .ok")
    settle: int = Field(default=30, ge=0, le=3600, title="Secondes sans changement avant de lire un fichier")
    acknowledgement: Suffix | None = Field(default=None, title="Fin du nom d’un accusé, comme .ack")
    reading: Reading | None = Field(default=None, title="Lecture des lignes")
    max_bytes: int = Field(default=50 * 2**20, ge=1, title="Taille la plus grande d’un fichier, en octets")
    every: int = Field(default=300, ge=1, title="Secondes entre deux relèves")

    @model_validator(mode="after")
    def folders_differ(self) -> Self:
        if len({each.strip("/") for each in (self.folder, self.archive, self.quarantine)}) != 3:
            raise ValueError("les dossiers « folder », « archive » et « quarantine » doivent être différents")
        if self.reading is None and self.acknowledgement is None:
            raise ValueError("« reading » ou « acknowledgement » dit ce qu’il faut relever")
        return self


class Configuration(Part):
    """How to exchange files with one application."""

    place: Place = Field(title="Lieu d’échange")
    drop: Drop = Field(title="Dépôt des demandes")
    poll: Poll | None = Field(default=None, title="Relève des fichiers rendus")
    timeout: float = Field(default=30, gt=0, le=600, title="Délai d’une opération, en secondes")

    @model_validator(mode="after")
    def an_acknowledgement_is_picked_up(self) -> Self:
        if self.drop.acknowledged_later and self.poll is None:
            raise ValueError("« acknowledged_later » demande aussi « poll » : sinon personne ne lirait l’accusé")
        return self

    @model_validator(mode="after")
    def our_own_files_are_not_returned_ones(self) -> Self:
        if self.poll is None:
            return self
        ours, put_away = self.drop.folder.strip("/"), (self.poll.archive.strip("/"), self.poll.quarantine.strip("/"))
        if ours in put_away or (self.poll.reading is not None and ours == self.poll.folder.strip("/")):
            raise ValueError("les fichiers rendus et rangés doivent être dans d’autres dossiers que le dépôt")
        return self
