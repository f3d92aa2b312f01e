"""What a connector's settings say in another language than French: files beside its manifest, read by who shows them.

`words.en.yaml` holds each French text of the settings (a title, a description) and the same in English. What the kit
itself brings (the access, the reading of progress) is translated here, and a connector need not do it again.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

from etoile.sdk.connector import Connector

OURS = Path(__file__).parent


def folder_of(connector: Connector) -> Path:
    """Where its code is: the folder of the class, up to the one that holds `manifest.yaml`."""
    start = Path(inspect.getfile(type(connector))).resolve().parent
    return next((each for each in (start, *start.parents) if (each / "manifest.yaml").is_file()), start)


@lru_cache(maxsize=256)
def words_of(connector: Connector, language: str) -> Mapping[str, str]:
    """The French texts of its settings and what they become in `language` ("en"). What has no translation is absent."""
    return MappingProxyType({**_read(OURS, language), **_read(folder_of(connector), language)})


def texts_of(connector: Connector) -> Iterator[str]:
    """Every text of its settings that is shown to a person: titles and descriptions, in French."""
    schema = connector.Configuration.model_json_schema()
    for node in (schema, *schema.get("$defs", {}).values()):
        for described in node.get("properties", {}).values():
            # The tag of a union is chosen by the screen.
            if "const" not in described:
                yield from (described[part] for part in ("title", "description") if described.get(part))


def _read(folder: Path, language: str) -> dict[str, str]:
    """A file that is absent or spoilt translates nothing: the screen is then in French, and works."""
    try:
        found = yaml.safe_load((folder / f"words.{language}.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return {str(french): str(said) for french, said in found.items()} if isinstance(found, dict) else {}
