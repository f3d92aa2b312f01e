"""A procedure as one file: read from YAML, written in its canonical form. Written, read and written again is the same
file, byte for byte, so two versions are compared with any tool.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml

from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.layout import PROCEDURE
from etoile.gru.forms.parsing import expanded, parse

LARGEST = 1024 * 1024
SCHEMA_LINE = "# yaml-language-server: $schema=procedure.schema.json"
_WIDTH = 110


def canonical(source: Any) -> dict[str, Any]:
    """The same procedure, of data that parse, in the one form that is compared and exported: keys in the order of the
    documentation, and nothing that only repeats what is usual.
    """
    written: dict[str, Any] = PROCEDURE.canonical(expanded(source))
    return written


def to_yaml(source: Any) -> str:
    """Raises `DefinitionError` when the data are no procedure."""
    parse(source)
    body = yaml.dump(canonical(source), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return f"{SCHEMA_LINE}\n{body}"


def from_yaml(text: str) -> Any:
    """The data of a file, made of JSON types only. Raises `DefinitionError`, in French, when it cannot be read."""
    if len(text) > LARGEST:
        raise DefinitionError(["ce fichier est trop grand pour une démarche : 1 Mio au plus"])
    try:
        return _plain(expanded(yaml.safe_load(text)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else ""
        raise DefinitionError([f"ce fichier n'est pas du YAML lisible{where} : {error.problem}"]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError(["ce fichier n'est pas du YAML lisible"]) from error


def _plain(value: Any) -> Any:
    """YAML writes dates and keys that JSON has not."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise DefinitionError(["un nombre de ce fichier n'en est pas un (infini, ou nan)"])
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise DefinitionError([f"ce fichier contient une valeur qui n'a pas sa place ici ({type(value).__name__})"])


class _Dumper(yaml.SafeDumper):
    """A thing a line; what is short and read as one stays on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    flow = "field" in data and data.keys() <= {"field", "op", "value"}
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flow)


def _sequence(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    flow = all(isinstance(each, str | int | float) for each in data) and sum(len(str(each)) for each in data) < _WIDTH
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


def _text(dumper: _Dumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(str, _text)
