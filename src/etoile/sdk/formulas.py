"""Expressions and address templates of the configuration, compiled once and kept."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from etoile.sdk.mapping import Mapping, MappingError

VARIABLES = ("event", "response", "since", "item", "document", "handle", "external_id", "query")
HOLE = re.compile(r"\{([^{}]+)\}")


class FormulaError(Exception):
    """An expression of the configuration cannot be read, or has no value on this message. Says which, in French."""


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Mapping:
    return Mapping.compile("=" + source, variables=VARIABLES)


def evaluate(source: str, **values: Any) -> Any:
    """The value of an expression. Raises FormulaError; the message holds the expression, never the values."""
    try:
        return _compiled(source).apply(values)
    except MappingError as error:
        reason = " ".join(violation.detail for violation in error.violations)
        raise FormulaError(f"l’expression « {source} » n’a pas de valeur. {reason}") from error


def holds(source: str, **values: Any) -> bool:
    """Whether a condition holds; one that cannot be evaluated on this answer does not hold."""
    try:
        return evaluate(source, **values) is True
    except FormulaError:
        return False


def text(source: str, **values: Any) -> str:
    """The value of an expression as text; whole numbers without a decimal part. Raises FormulaError when empty."""
    value = evaluate(source, **values)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise FormulaError(f"l’expression « {source} » ne donne pas un texte")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def optional_text(source: str | None, **values: Any) -> str | None:
    """The same, None when there is no expression or it has no value."""
    if source is None:
        return None
    try:
        return text(source, **values)
    except FormulaError:
        return None


def fill(template: str, **values: Any) -> str:
    """A path whose `{expression}` are replaced by their value, escaped for an address. Raises FormulaError."""
    return HOLE.sub(lambda hole: quote(text(hole.group(1), **values), safe=""), template)


def leaf(value: str, **values: Any) -> str:
    """A text setting: itself, or the value of the expression after `=` (`==` for a text that begins with `=`)."""
    if value.startswith("=="):
        return value[1:]
    return text(value[1:], **values) if value.startswith("=") else value


def all_of(configuration: Any, exclude: dict[str, Any] | None = None) -> list[str]:
    """Compile every expression of a configuration (a pydantic model); the faults found, in French.

    `exclude`, as for `model_dump`: parts that hold something else under the same names.
    """
    faults: list[str] = []
    for name, source in _expressions(configuration.model_dump(exclude_none=True, exclude=exclude), ""):
        try:
            _compiled(source)
        except MappingError as error:
            faults.append(f"{name} : {' '.join(violation.detail for violation in error.violations)}")
    return faults


# Settings that are always an expression; "message" is one in one place, a text elsewhere.
EXPRESSIONS = frozenset(
    {
        *("when", "found", "item", "items", "position", "more"),
        *("existing_names", "external_id", "handle", "reference", "refusal"),
        *("absent", "answer", "cut", "equals", "begins", "parent"),
    }
)
MESSAGES = frozenset({"success.message"})


def _expressions(node: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in _expressions(value, f"{name}.{key}".lstrip("."))]
    if isinstance(node, list | tuple):
        return [found for index, value in enumerate(node) for found in _expressions(value, f"{name}[{index}]")]
    if not isinstance(node, str):
        return []
    key = name.rpartition(".")[2]
    if key in EXPRESSIONS or name in MESSAGES:
        return [(name, node)]
    if key in ("path", "existing_path"):
        return [(name, hole) for hole in HOLE.findall(node)]
    return [(name, node[1:])] if node.startswith("=") and not node.startswith("==") else []
