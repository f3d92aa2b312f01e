"""The settings of the connector: which repository, below which folder, under which types."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from etoile.sdk import access
from etoile.sdk.access import Access


class Configuration(BaseModel):
    """What the town sets once per subscription. Names of folders and properties come from the mapping: see `filing`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        title="Adresse du service CMIS (liaison « browser »)",
        description="Celle que donne l’éditeur de la GED, souvent terminée par /browser.",
        pattern=r"^https?://[^\s?#]+$",
    )
    repository: str | None = Field(
        default=None,
        title="Identifiant de l’entrepôt, s’il y en a plusieurs",
        description="Vide : le seul entrepôt de la GED. La vérification les nomme quand il y en a plusieurs.",
    )
    authentication: Access | None = access.field("Compte réservé au hub")
    folder: str = Field(
        default="/",
        title="Dossier de la GED où ranger, déjà créé",
        description="Chaque demande y reçoit son sous-dossier ; le compte du hub doit pouvoir y écrire.",
        pattern=r"^/",
    )
    folder_type: str = Field(
        default="cmis:folder",
        title="Type des dossiers créés",
        description="À changer seulement si votre plan de classement a ses propres types.",
        min_length=1,
    )
    document_type: str = Field(
        default="cmis:document",
        title="Type des documents créés",
        description="À changer seulement si votre plan de classement a ses propres types.",
        min_length=1,
    )
    versioning: Literal["none", "minor", "major"] | None = Field(
        default=None,
        title="Version à la création (sinon, celle que la GED choisit)",
        description="« none » sans version, « minor » provisoire, « major » définitive ; à accorder avec l’archiviste.",
    )
    timeout: float = Field(
        default=60,
        gt=0,
        le=600,
        title="Délai d’une requête (secondes)",
        description="Au-delà, le hub n’attend plus et réessaie plus tard. Une longue pièce demande du temps.",
    )

    @field_validator("url", "folder")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("folder")
    @classmethod
    def a_plain_path(cls, value: str) -> str:
        if any(part in (".", "..") for part in value.split("/")) or "//" in value:
            raise ValueError("un dossier se dit depuis la racine, avec « / » entre les noms, sans « .. »")
        return value
