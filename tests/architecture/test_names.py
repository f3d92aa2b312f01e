"""What one of our modules asks of another by its name is there. mypy does not look at attributes in the GRU, where what
Django adds to rows and forms would hide the rest, nor for modules that are not there."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.tree import SOURCE, parsed, shown

MODULES = {
    ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts
}


@cache
def bound(module: str) -> frozenset[str]:
    return frozenset(_bound(parsed(MODULES[module])))


def _bound(node: ast.AST) -> Iterator[str]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in each.names)
        elif isinstance(each, ast.Name):
            yield each.id
        else:
            yield from _bound(each)


def is_in(module: str, name: str) -> bool:
    return f"{module}.{name}" in MODULES or (module in MODULES and name in bound(module))


def strangers(path: Path) -> Iterator[str]:
    nodes = list(ast.walk(parsed(path)))
    modules = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("etoile."):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in MODULES:
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                elif not is_in(str(node.module), alias.name):
                    yield f"{shown(path)}:{node.lineno} {node.module}.{alias.name}"
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in own:
            module = modules.get(node.value.id)
            if module and not is_in(module, node.attr):
                yield f"{shown(path)}:{node.lineno} {node.value.id}.{node.attr}"


def test_what_is_asked_of_a_module_is_in_it():
    gru = (path for name, path in MODULES.items() if name.startswith("etoile.gru."))
    assert [each for path in gru for each in strangers(path)] == []
