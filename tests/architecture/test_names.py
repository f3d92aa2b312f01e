"""What one of our modules asks of another by its name is there. mypy does not look at attributes in the GRU, where what
Django adds to rows and forms would hide the rest."""

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


def strangers(path: Path) -> Iterator[str]:
    nodes = list(ast.walk(parsed(path)))
    modules = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{node.module}.{alias.name}" in MODULES
    }
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in own:
            module = modules.get(node.value.id)
            if module and node.attr not in bound(module) and f"{module}.{node.attr}" not in MODULES:
                yield f"{shown(path)}:{node.lineno} {node.value.id}.{node.attr}"


def test_what_is_asked_of_a_module_is_in_it():
    gru = (path for name, path in MODULES.items() if name.startswith("etoile.gru."))
    assert [each for path in gru for each in strangers(path)] == []
