"""The settings of the connector: where the files go, how they are written, and how returned ones are read."""

from typing import Literal, Self

from pydantic import Field, model_validator

from etoile.connectors.file_drop.formats import Encoding, Format
from etoile.connectors.file_drop.parts import Folder, Suffix, XmlName
from etoile.connectors.file_drop.places import Place
from etoile.sdk.settings import Part


class Documents(Part):
    folder: Folder | None = Field(
        default=None, title="Dossier des pièces ; sinon, celui du fichier", description="Depuis le lieu d’échange."
    )
    column: str | None = Field(
        default=None,
        title="Colonne ou élément où écrire le nom des fichiers",
        description="Vide : l’application les retrouve par leur nom, qui commence comme celui du fichier.",
    )


class Drop(Part):
    folder: Folder = Field(default="", title="Dossier de dépôt", description="Depuis le lieu d’échange.")
    name: str = Field(
        default="etoile",
        title="Début du nom de fichier ; commence par « = » pour une expression",
        description="Une suite propre à la demande et à l’abonnement y est ajoutée.",
    )
    format: Format = Field(title="Format du fichier", description="CSV ou XML, selon ce que l’application lit.")
    checksum: bool = Field(
        default=False,
        title="Écrire l’empreinte SHA-256 à côté (.sha256)",
        description="Pour une application qui la vérifie.",
    )
    marker: Suffix | None = Field(
        default=None,
        title="Fichier témoin écrit en dernier, comme .ok",
        description="Pour une application qui l’attend avant de lire.",
    )
    taken: Folder | None = Field(
        default=None,
        title="Dossier où l’application range ce qu’elle a pris",
        description="À remplir si elle efface ou déplace : un fichier pris n’est alors jamais déposé deux fois.",
    )
    documents: Documents | None = Field(
        default=None, title="Pièces de la demande", description="Vide : les pièces ne sont pas déposées."
    )
    acknowledged_later: bool = Field(
        default=False,
        title="Attendre l’accusé que l’application rend par fichier",
        description="La demande n’est dite enregistrée qu’à son retour.",
    )


class Reading(Part):
    """How to find the rows. What they mean is said by the `return` of the mapping, which sees a row as `answer`.

    `number` holds the number by which the hub knows the request (by default the name of the dropped file).
    """

    kind: Literal["csv", "xml"] = Field(default="csv", title="Format", description="Celui des fichiers rendus.")
    encoding: Encoding = Field(default="utf-8", title="Encodage (CSV)", description="Un XML dit lui-même le sien.")
    separator: Literal[";", ",", "\t", "|"] = Field(
        default=";", title="Séparateur (CSV)", description="Le signe entre deux cases."
    )
    element: XmlName | None = Field(
        default=None,
        title="Élément qui tient lieu de ligne (XML)",
        description="Chaque élément de ce nom parle d’une demande.",
    )
    number: str = Field(
        title="Colonne du numéro",
        description="Elle porte le nom du fichier déposé, avec ou sans sa fin (.csv, .xml).",
        min_length=1,
    )

    @model_validator(mode="after")
    def xml_says_its_rows(self) -> Self:
        if self.kind == "xml" and self.element is None:
            raise ValueError("« element » dit quel élément du XML tient lieu de ligne")
        return self


class Poll(Part):
    folder: Folder = Field(
        title="Dossier des fichiers rendus", description="Depuis le lieu d’échange ; un seul abonnement le relève."
    )
    archive: Folder = Field(title="Dossier où ranger ce qui est lu", description="Vous le purgez quand vous voulez.")
    quarantine: Folder = Field(
        title="Dossier où ranger ce qui est illisible", description="Le motif est écrit à côté de chaque fichier."
    )
    pattern: str = Field(
        default="",
        title="Noms des fichiers, comme *.csv",
        description="Vide : tous ceux du format qui est lu, *.csv ou *.xml.",
        pattern=r"^[^/\x00]*$",
    )
    marker: Suffix | None = Field(
        default=None,
        title="Fichier témoin attendu, comme .ok",
        description="Sans témoin, un fichier est lu quand il ne change plus.",
    )
    settle: int = Field(
        default=30,
        ge=0,
        le=3600,
        title="Secondes sans changement avant de lire un fichier",
        description="Pour ne pas lire un fichier en cours d’écriture ; sans effet avec un témoin.",
    )
    acknowledgement: Suffix | None = Field(
        default=None,
        title="Fin du nom d’un accusé, comme .ack",
        description="Un accusé porte le nom du fichier déposé, puis cette fin ; seul son nom compte.",
    )
    reading: Reading | None = Field(
        default=None,
        title="Lecture des lignes",
        description="Ce que les lignes veulent dire est dans la partie « return » de la correspondance.",
    )
    max_bytes: int = Field(
        default=50 * 2**20,
        ge=1,
        title="Taille la plus grande d’un fichier, en octets",
        description="Au-delà, il est rangé avec les illisibles.",
    )
    every: int = Field(
        default=300, ge=1, title="Secondes entre deux relèves", description="300 : toutes les cinq minutes."
    )

    @property
    def names(self) -> str:
        """The pattern of the names to read."""
        return self.pattern or f"*.{self.reading.kind if self.reading else 'csv'}"

    @model_validator(mode="after")
    def folders_differ(self) -> Self:
        if len({each.strip("/") for each in (self.folder, self.archive, self.quarantine)}) != 3:
            raise ValueError("les dossiers « folder », « archive » et « quarantine » doivent être différents")
        if self.reading is None and self.acknowledgement is None:
            raise ValueError("« reading » ou « acknowledgement » dit ce qu’il faut relever")
        return self


class Configuration(Part):
    """How to exchange files with one application."""

    place: Place = Field(
        title="Lieu d’échange", description="Un serveur SFTP, un serveur WebDAV ou un dossier de la machine du hub."
    )
    drop: Drop = Field(title="Dépôt des demandes", description="Où et comment chaque demande est écrite.")
    poll: Poll | None = Field(
        default=None,
        title="Relève des fichiers rendus",
        description="Vide : l’application ne rend rien, ou dit l’avancement autrement.",
    )
    timeout: float = Field(
        default=30,
        gt=0,
        le=600,
        title="Délai d’une opération, en secondes",
        description="L’envoi d’une longue pièce dispose de tout le délai de l’abonnement.",
    )

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
