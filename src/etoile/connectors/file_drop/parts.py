"""What the settings are made of: folders below the place of exchange, ends of names, names of elements."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _below(folder: str) -> str:
    if any(part in (".", "..") for part in folder.split("/")) or any(each in folder for each in "\0\\\r\n"):
        raise ValueError("un dossier se dit depuis le lieu d’échange, avec « / » entre les noms, sans « .. »")
    return folder


# Below the place of exchange, never above it.
Folder = Annotated[str, Field(max_length=500), AfterValidator(_below)]
Suffix = Annotated[str, Field(pattern=r"^\.[A-Za-z0-9._-]{1,20}$")]
XmlName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9._-]*$", max_length=100)]
