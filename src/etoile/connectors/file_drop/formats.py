"""The settings of what is written: CSV or XML, in which encoding, with which words, numbers and dates."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from etoile.connectors.file_drop.parts import XmlName
from etoile.sdk.settings import Part

Encoding = Literal["utf-8", "utf-8-bom", "iso-8859-1", "iso-8859-15", "windows-1252"]
CODECS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"fuseau horaire inconnu : {name}") from None
    return name


Timezone = Annotated[str, AfterValidator(_known_timezone)]


class Writing(Part):
    """What both formats have in common."""

    encoding: Encoding = Field(
        default="utf-8", title="Encodage", description="Celui que l’application sait lire ; demandez-le à l’éditeur."
    )
    unwritable: Literal["transliterate", "refuse"] = Field(
        default="transliterate",
        title="Caractère que l’encodage ne connaît pas : remplacer, ou refuser",
        description="Remplacer : œ devient oe ; ce qui n’a pas d’équivalent est toujours refusé.",
    )
    decimal: Literal[",", "."] = Field(default=",", title="Séparateur décimal", description="La virgule ou le point.")
    true: str = Field(default="oui", title="Mot pour « vrai »", description="Comme l’application l’attend.")
    false: str = Field(default="non", title="Mot pour « faux »", description="Comme l’application l’attend.")
    dates: dict[str, str] = Field(
        default_factory=dict,
        title="Format de date de chaque colonne, comme %d/%m/%Y",
        description="Pour les colonnes que la correspondance n’a pas déjà mises en forme.",
    )
    timezone: Timezone = Field(
        default="Europe/Paris",
        title="Fuseau horaire des dates",
        description="Celui dans lequel l’application lit les heures.",
    )


class Csv(Writing):
    """The mapping gives an object (one row) or a list of objects (rows), whose names are the columns."""

    kind: Literal["csv"]
    columns: tuple[str, ...] = Field(
        min_length=1, title="Colonnes, dans l’ordre", description="Chaque nom est un nom de la correspondance."
    )
    header: bool = Field(
        default=True, title="Écrire la ligne de titres", description="Une première ligne avec le nom des colonnes."
    )
    separator: Literal[";", ",", "\t", "|"] = Field(
        default=";", title="Séparateur", description="Le signe entre deux cases."
    )
    quoting: Literal["minimal", "all"] = Field(
        default="minimal",
        title="Guillemets : au besoin, ou partout",
        description="« all » pour une application qui les exige.",
    )
    line_end: Literal["crlf", "lf"] = Field(
        default="crlf", title="Fin de ligne", description="« crlf » comme sous Windows, « lf » comme sous Linux."
    )
    line_breaks: Literal["space", "keep"] = Field(
        default="space",
        title="Retour à la ligne dans une case",
        description="« space » le remplace par une espace : beaucoup d’applications s’y perdent.",
    )
    formulas: Literal["neutralise", "keep"] = Field(
        default="neutralise",
        title="Case qu’un tableur prendrait pour une formule",
        description="« neutralise » écrit une apostrophe devant =, +, - et @ ; « keep » laisse tel quel.",
    )

    @model_validator(mode="after")
    def columns_differ(self) -> Self:
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("deux colonnes portent le même nom")
        return self


class Xml(Writing):
    """The mapping gives the tree: an object is elements, a list repeats one, "@name" is an attribute, "#text" text."""

    kind: Literal["xml"]
    root: XmlName = Field(title="Élément racine", description="Le nom de l’élément qui contient tout le fichier.")
    namespace: str | None = Field(default=None, title="Espace de noms", description="Si l’éditeur en demande un.")
    decimal: Literal[",", "."] = Field(default=".", title="Séparateur décimal", description="La virgule ou le point.")
    true: str = Field(default="true", title="Mot pour « vrai »", description="Comme l’application l’attend.")
    false: str = Field(default="false", title="Mot pour « faux »", description="Comme l’application l’attend.")


Format = Annotated[Csv | Xml, Field(discriminator="kind")]
