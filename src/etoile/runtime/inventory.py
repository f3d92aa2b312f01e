"""The variables the installed products really read: docs/environment.md is this module's output.

python -m etoile.runtime.inventory > docs/environment.md
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from etoile.runtime import databases, logs, stack
from etoile.runtime.products import Product, discover
from etoile.runtime.settings import Environment
from etoile.runtime.variables import Variable

OURS: Final = ("ETOILE_", "HUB_", "GRU_")
INTRODUCTION: Final = """\
# Environment

Every variable is read once, in the settings of its product or in `etoile.runtime`. All mistakes are told together, in
plain words, before anything starts. An empty value counts as absent.

A secret may be given by the file whose path is in the variable of the same name with `_FILE` at its end. Outside
production a missing one is made at first use, in `<ETOILE_DATA>/secrets/` (folder 0700, files 0600).

This page is written by `python -m etoile.runtime.inventory`, and a test compares it with what the programs read.
"""


def inventory() -> dict[str, list[Variable]]:
    """What each product reads, by product; `""` holds what is common to all. One process each, bare environment."""
    read = {product.name: _of(product) for product in discover().values()}
    common = {variable.name for variable in _runtime_variables()}
    if len(read) > 1:
        common |= set.intersection(*({variable.name for variable in variables} for variables in read.values()))
    shared = {variable.name: variable for variables in read.values() for variable in variables}
    listed = {"": sorted((*_runtime_variables(), *(shared[name] for name in common if name in shared)), key=_by_name)}
    for product, variables in read.items():
        own = [*(variable for variable in variables if variable.name not in common)]
        own += [*databases.variables(product), stack.host_variable(product)]
        listed[product] = sorted(own, key=_by_name)
    return listed


def document() -> str:
    """The page docs/environment.md."""
    parts = [INTRODUCTION]
    for product, variables in inventory().items():
        parts.append(f"## {product.upper() if product == 'gru' else product.capitalize() or 'Everywhere'}\n")
        parts.append(_table(variables))
    return "\n".join(parts)


def unknown(environment: Iterable[str]) -> list[str]:
    """Names that look like ours and that nothing reads: misspelt, most likely."""
    known = {variable.name for variables in inventory().values() for variable in variables}
    known |= {f"{name}_FILE" for name in known} | {databases.AS_OWNER}
    return sorted(name for name in environment if name.startswith(OURS) and name not in known)


def declared(settings: str) -> list[Variable]:
    """The variables a settings module declares; importing it is the only way to know them."""
    module = importlib.import_module(settings)
    found = [value for value in vars(module).values() if isinstance(value, Environment)]
    return [variable for environment in found for variable in environment.declared.values()]


def _of(product: Product) -> list[Variable]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "DJANGO_"))}
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "etoile.runtime.inventory", product.settings],
            env={**bare, "ETOILE_ENV": "test", "ETOILE_DATA": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    return [Variable(**raw) for raw in json.loads(answer.stdout)]


def _runtime_variables() -> tuple[Variable, ...]:
    return (logs.LEVEL,)


def _by_name(variable: Variable) -> str:
    return variable.name


def _table(variables: Iterable[Variable]) -> str:
    lines = ["| Variable | Kind | Default | What it is |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.kind} | {one.default or '(empty)'} | {one.help} |" for one in variables]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps([asdict(variable) for variable in declared(sys.argv[1])]))
    else:
        sys.stdout.write(document())
