"""The settings of the connector: which file, how it is written, and how it is searched.

An *expression* is CEL and sees `query`, the question.
"""

from typing import Annotated, Literal

from pydantic import Field

from etoile.sdk.settings import Part

Encoding = Literal["utf-8", "utf-8-bom", "iso-8859-1", "iso-8859-15", "windows-1252"]
Column = Annotated[str, Field(min_length=1, max_length=200)]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


class Exact(Part):
    """One row: that whose column is exactly the text asked for."""

    kind: Literal["exact"]
    column: Column = Field(
        title="Colonne de la clé, unique dans le fichier",
        description="Deux lignes de même clé font refuser le fichier.",
    )
    equals: Expression = Field(
        title="Clé cherchée (expression sur `query`)", description="Comme query.code : la valeur que porte la question."
    )


class Within(Part):
    column: Column = Field(
        title="Colonne du parent", description="Celle du premier choix, comme le département d’une commune."
    )
    equals: Expression = Field(
        title="Parent (expression sur `query`)",
        description="Comme query.departement : le premier choix que porte la question.",
    )


class Prefix(Part):
    """Rows with a word that begins as asked, whatever the accents, the capitals and the hyphens."""

    kind: Literal["prefix"]
    column: Column = Field(title="Colonne cherchée", description="Celle des noms parmi lesquels la personne choisit.")
    begins: Expression = Field(
        title="Début cherché (expression sur `query`)",
        description="Comme query.texte : ce que la personne a commencé d’écrire.",
    )
    within: Within | None = Field(
        default=None, title="Seulement sous un parent", description="Vide : on cherche dans tout le fichier."
    )
    limit: int = Field(
        default=20,
        ge=1,
        le=200,
        title="Nombre de réponses au plus",
        description="Au-delà, la réponse dit qu’il y en a d’autres.",
    )


class Linked(Part):
    """Rows under one parent, in the order of the file: the second list of two linked lists."""

    kind: Literal["linked"]
    column: Column = Field(
        title="Colonne du parent", description="Celle du premier choix, comme le département d’une commune."
    )
    parent: Expression = Field(
        title="Parent (expression sur `query`)",
        description="Comme query.departement : le premier choix que porte la question.",
    )
    limit: int = Field(
        default=1000,
        ge=1,
        le=5000,
        title="Nombre de réponses au plus",
        description="Au-delà, la réponse dit qu’il y en a d’autres.",
    )


Search = Annotated[Exact | Prefix | Linked, Field(discriminator="kind")]


class Configuration(Part):
    """What the town sets once per table."""

    folder: str = Field(
        title="Dossier, chemin complet",
        description="Sous un dossier que l’exploitant du hub a ouvert (HUB_ALLOWED_FOLDERS).",
        pattern=r"^/",
        max_length=500,
    )
    file: str = Field(
        title="Nom du fichier",
        description="Un CSV dont la première ligne porte le nom des colonnes, comme communes.csv.",
        pattern=r"^[^/\\\x00]+$",
        max_length=200,
    )
    encoding: Encoding = Field(
        default="utf-8", title="Encodage", description="Excel en français écrit en windows-1252, ou en utf-8-bom."
    )
    separator: Literal[";", ",", "\t", "|"] = Field(
        default=";",
        title="Séparateur des colonnes",
        description="Le signe entre deux cases ; le point-virgule avec Excel en français.",
    )
    columns: tuple[Column, ...] = Field(
        default=(),
        title="Colonnes données en réponse (aucune : toutes)",
        description="Seulement ce qui sert : le reste du fichier ne sort pas du hub.",
    )
    search: Search = Field(
        title="Recherche", description="Par une clé exacte, par le début d’un mot, ou sous un premier choix."
    )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the file must have."""
        within = [self.search.within.column] if isinstance(self.search, Prefix) and self.search.within else []
        return tuple(dict.fromkeys([self.search.column, *within, *self.columns]))
