"""What is to be filed for one event: the result of the mapping, read.

folder: [Voirie, "=event.data.case.reference"]     # below the folder of the settings; the last is the request's
folder_properties: {"cm:title": "=event.data.procedure.title.fr"}
documents:
  - {name: Demande.txt, content: "=event.data.case.reference"}
  - $documents: "*"
    give:
      name: "=document.name"
      content: {$content: stream}
      properties: {"cmis:secondaryObjectTypeIds": ["P:gru:piece"], "gru:nature": "=document.field"}
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from etoile.contract.envelope import Event
from etoile.sdk import Context, Document, documents_of

# What neither Alfresco nor the file systems behind others take in a name.
FORBIDDEN = re.compile(r'["*\\><?/:|\x00-\x1f\x7f]')
LONGEST_NAME = 120
DEFAULT: dict[str, Any] = {"folder": ["=event.data.case.reference"]}


class NotFiled(Exception):
    """The mapping does not say how to file this event. Says why, in French."""


class Piece(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    content: str | dict[str, Any]
    properties: dict[str, Any] = {}


class Made(BaseModel):
    model_config = ConfigDict(extra="forbid")

    folder: list[str] = Field(min_length=1)
    folder_properties: dict[str, Any] = {}
    documents: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """One document to create: its unique name in the folder, and its content."""

    name: str
    media_type: str
    size: int
    content: Document | bytes
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filing:
    """`folder`: names of folders, outermost first; `properties`: of the last one."""

    folder: tuple[str, ...]
    properties: Mapping[str, Any]
    documents: tuple[Filed, ...]


def read(event: Event, context: Context) -> Filing:
    """Applies the mapping. Raises MappingError or NotFiled."""
    case = event.data.get("case")
    reference = case.get("reference") if isinstance(case, dict) else None
    if not reference:
        raise NotFiled("Ce type de message ne porte pas de demande à classer.")
    try:
        made = Made.model_validate(context.render(None if context.mapping is not None else DEFAULT))
        listed = _as_they_are(event) if made.documents is None else _flat(made.documents)
        pieces = [Piece.model_validate(each) for each in listed]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise NotFiled(f"La correspondance donne « {place} » autrement que prévu ({first['type']}).") from None
    folder = tuple(clean(name) for name in made.folder)
    # Two requests in one folder could not tell their documents apart, nor a new try from a new document.
    if clean(reference) not in folder[-1]:
        raise NotFiled("Le dernier dossier doit porter la référence de la demande : event.data.case.reference.")
    filed = tuple(_filed(piece, context.idempotency_key, rank) for rank, piece in enumerate(pieces))
    return Filing(folder, made.folder_properties, filed)


def clean(name: str) -> str:
    """A name that a repository takes: without its forbidden characters, nor a dot or a space at its end."""
    plain = " ".join(FORBIDDEN.sub("-", unicodedata.normalize("NFC", name)).split())
    return plain[:LONGEST_NAME].strip(" .") or "sans nom"


def _filed(piece: Piece, key: str, rank: int) -> Filed:
    if isinstance(piece.content, str):
        content = piece.content.encode()
        return Filed(_unique(piece.name, f"{key} {rank}"), "text/plain", len(content), content, piece.properties)
    try:
        document = Document.from_dict(piece.content)
    except KeyError:
        raise NotFiled("Le contenu d’un document est un texte, ou {$content: stream} dans une pièce.") from None
    name = _unique(piece.name, document.id)
    return Filed(name, document.media_type, document.size, document, piece.properties)


def _unique(name: str, key: str) -> str:
    """The name with a mark of what it names: the same at each try, another for another document of the same name."""
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    stem, dot, ending = clean(name).rpartition(".")
    return f"{stem}-{mark}.{ending}" if dot and stem else f"{ending}-{mark}"


def _as_they_are(event: Event) -> list[dict[str, Any]]:
    return [{"name": each.name, "content": asdict(each)} for each in documents_of(event)]


def _flat(items: list[Any]) -> list[Any]:
    return [each for item in items for each in (item if isinstance(item, list) else [item])]
