"""The functions an expression may call beyond those of the CEL specification, each with a bound on what it makes."""

import logging
from collections.abc import Callable
from typing import Any

from cel import stdlib

MAX_RESULT = 100_000

# fmt: off
NATIVE = frozenset(
    (
        "size", "contains", "startsWith", "endsWith", "matches", "string", "int", "uint", "double", "bytes",
        "timestamp", "duration", "type", "dyn", "has", "getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth",
        "getDate", "getDayOfWeek", "getHours", "getMinutes", "getSeconds", "getMilliseconds", "all", "exists",
        "exists_one", "map", "filter",
    )
)
# fmt: on

# Left out on purpose: flatten and lists.range (they multiply), the bits, base64.
# fmt: off
_OFFERED = (
    "bool", "charAt", "distinct", "first", "indexOf", "join", "last", "lastIndexOf", "lowerAscii", "math.abs",
    "math.ceil", "math.floor", "math.greatest", "math.least", "math.round", "math.trunc", "max", "min", "replace",
    "reverse", "sets.contains", "sets.intersects", "slice", "sort", "split", "substring", "sum", "trim",
    "upperAscii",
)
# fmt: on

# The library logs the message of every function that fails, and that message may quote the data of a person.
logging.getLogger("cel").addFilter(lambda record: False)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        result = function(*arguments)
        if isinstance(result, str | list) and len(result) > MAX_RESULT:
            raise ValueError("too large")
        return result

    return call


EXTRA: dict[str, Callable[..., Any]] = {name: _bounded(stdlib.STDLIB_FUNCTIONS[name]) for name in _OFFERED}

NAMESPACES = frozenset(name.partition(".")[0] for name in EXTRA if "." in name)

# The compiler reports `math.round(x)` as the function `round`, called on the variable `math`.
FULL_NAMES: dict[str, str] = {name.rpartition(".")[2]: name for name in EXTRA}
