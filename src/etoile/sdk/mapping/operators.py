"""What an object means when one of its names begins with `$`: a code list, a date, documents, a group, a choice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from etoile.expressions.errors import ExpressionError
from etoile.sdk.mapping import nodes, paths, shapes
from etoile.sdk.mapping.codes import REFUSED, text
from etoile.sdk.mapping.dates import PARIS, DateFormat
from etoile.sdk.mapping.reading import Reader, Scope

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
CONTENTS = ("base64", "stream")
COMPUTED = ("$value", "$code", "$date", "$content")


def read(reader: Reader, names: list[str], tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    """The node of an object that has names beginning with `$`."""
    name = names[0]
    if name not in _OPERATORS:
        near = shapes.nearest(name, _OPERATORS)
        words = f"« {near} » ?" if near else f"il y a : {', '.join(_OPERATORS)}."
        return reader.fault(f"{pointer}/{name}", f"« {name} » n'est pas connu : {words} (Un nom se double : ${name}.)")
    make, beside, needed = _OPERATORS[name]
    for other in tree.keys() - {name, *beside}:
        near = shapes.nearest(other, beside)
        words = f"« {near} » ?" if near else f"il y a : {', '.join(beside) or 'rien'}."
        return reader.fault(f"{pointer}/{other}", f"« {other} » ne va pas avec {name} : {words}")
    for other in needed:
        if other not in tree:
            return reader.fault(pointer, f"Avec {name}, il manque « {other} ».")
    return make(reader, tree, pointer, scope)


def computed(
    reader: Reader, tree: Any, pointer: str, scope: Scope, *, lenient: bool = False
) -> tuple[nodes.Computed, paths.Reading]:
    """An expression, or an operator that makes one value."""
    if isinstance(tree, str) and tree.startswith("=") and not tree.startswith("=="):
        return reader.formula(tree, pointer, scope, lenient=lenient)
    if isinstance(tree, dict) and any(str(name) in COMPUTED for name in tree):
        node = reader.node(tree, pointer, scope)
        if isinstance(node, nodes.Computed):
            return node, paths.Reading()
    return reader.fault(pointer, "Il faut ici une expression : un texte qui commence par « = »."), paths.Reading()


def _value(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    of, _ = computed(reader, tree["$value"], f"{pointer}/$value", scope, lenient=True)
    default = tree.get("default")
    if isinstance(default, str) and default.startswith("="):
        default = default[1:] if default[1:2] == "=" else reader.formula(default, f"{pointer}/default", scope)[0]
    return nodes.Value(f"{_source(of)}, sinon {_shown(default)}", of, default)


def _code(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    of, reading = computed(reader, tree["of"], f"{pointer}/of", scope)
    name = str(tree["$code"])
    table = reader.tables.get(name)
    if table is None:
        near = shapes.nearest(name, reader.tables)
        words = f"« {near} » ?" if near else f"il y a : {', '.join(reader.tables) or 'aucune table'}."
        return reader.fault(f"{pointer}/$code", f"La table « {name} » n'existe pas : {words}")
    shape = reading.whole
    if shape is not None and shape.type in ("array", "object"):
        return reader.fault(f"{pointer}/of", f"« {reading.path} » est {shape.words} : une table attend une valeur.")
    if "default" in tree:
        table = replace(table, **{"back_default" if reader.back else "default": tree["default"]})
    if reader.back and table.ambiguous():
        several = ", ".join(f"« {each} »" for each in table.ambiguous())
        return reader.fault(
            f"{pointer}/$code", f"La table « {name} » a plusieurs retours pour {several} : écrire back."
        )
    if shape is not None and not reader.back:
        _compare(reader, table.values, table.default is REFUSED, shape, name, pointer)
    return nodes.Coded(f"{_source(of)}, par la table « {name} »", of, table, reader.back)


def _compare(reader: Reader, values: Any, refuses: bool, shape: shapes.Shape, name: str, pointer: str) -> None:
    choices = [text(each) for each in shape.choices]
    if not choices:
        return
    never = [each for each in values if each not in choices]
    if never:
        listed = ", ".join(never)
        reader.remark(f"{pointer}/$code", f"La table « {name} » a des lignes qui ne servent jamais ici : {listed}.")
    missing = [each for each in choices if each not in values]
    if missing and refuses:
        listed = ", ".join(missing)
        reader.remark(f"{pointer}/$code", f"La table « {name} » refuse ces valeurs du message : {listed}.")


def _date(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    of, reading = computed(reader, tree["$date"], f"{pointer}/$date", scope)
    written = str(tree["format"])
    form = reader.forms.get(written)
    if form is None or "zone" in tree:
        try:
            pattern = form.pattern if form else written
            form = DateFormat.compile(pattern, str(tree.get("zone", PARIS)))
        except ExpressionError as error:
            return reader.fault(f"{pointer}/format", str(error))
    shape = reading.whole
    if shape is not None and not reader.back and not shape.is_date:
        return reader.fault(f"{pointer}/$date", f"« {reading.path} » est {shape.words}, et non une date.")
    return nodes.Dated(f"{_source(of)}, au format {form.pattern}", of, form, reader.back)


def _each(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    items, reading = computed(reader, tree["$each"], f"{pointer}/$each", scope)
    name = str(tree["as"])
    if not _NAME.fullmatch(name) or name in scope:
        taken = (
            "est déjà pris" if name in scope else "n'est pas un nom : des lettres sans accent, des chiffres et « _ »"
        )
        return reader.fault(f"{pointer}/as", f"« {name} » {taken}.")
    shape = reading.whole
    if shape is not None and shape.type not in ("array", None):
        return reader.fault(f"{pointer}/$each", f"« {reading.path} » est {shape.words}, et non une liste.")
    inner = {**scope, name: shape.items() if shape else None}
    return nodes.Each(items, name, reader.node(tree["give"], f"{pointer}/give", inner))


def _documents(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    single = "$document" in tree
    name = "$document" if single else "$documents"
    wanted = tree[name]
    fields = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(fields, list) or not fields or not all(isinstance(each, str) for each in fields):
        return reader.fault(f"{pointer}/{name}", "Il faut un champ du formulaire, une liste de champs, ou « * ».")
    if reader.back:
        return reader.fault(pointer, f"{name} parle des pièces du message : il n'a pas de sens dans return.")
    shape = shapes.of_document(reader.event) if reader.event else None
    if reader.event and shape is None:
        return reader.fault(f"{pointer}/{name}", "Ce type de message ne porte pas de pièces.")
    give = reader.node(tree["give"], f"{pointer}/give", {**scope, "document": shape})
    default = reader.node(tree["default"], f"{pointer}/default", scope) if "default" in tree else None
    source = "pièces : toutes" if "*" in fields else f"pièces du champ {', '.join(fields)}"
    return nodes.Documents(source, None if "*" in fields else frozenset(fields), single, give, default)


def _content(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    form = str(tree["$content"])
    if form not in CONTENTS:
        return reader.fault(f"{pointer}/$content", "Le contenu d'une pièce se donne en base64 ou en stream.")
    if "document" not in scope:
        return reader.fault(f"{pointer}/$content", "Le contenu se demande dans le « give » d'une pièce ($document).")
    return nodes.ContentMark(f"contenu de la pièce, en {form}", form)


def _choose(reader: Reader, tree: dict[str, Any], pointer: str, scope: Scope) -> nodes.Node:
    listed = tree["$choose"]
    if not isinstance(listed, list) or not listed:
        return reader.fault(f"{pointer}/$choose", "Il faut une liste de branches : when et give.")
    branches: list[tuple[nodes.Computed | None, nodes.Node]] = []
    seen: list[str] = []
    for index, branch in enumerate(listed):
        place = f"{pointer}/$choose/{index}"
        if not isinstance(branch, dict) or "give" not in branch or branch.keys() - {"when", "give"}:
            return reader.fault(place, "Une branche s'écrit avec give, et when si elle a une condition.")
        condition = None
        if "when" in branch:
            condition, _ = computed(reader, branch["when"], f"{place}/when", scope)
        if fault := _never(seen, "true" if condition is None else _source(condition)):
            reader.fault(place, fault)
        branches.append((condition, reader.node(branch["give"], f"{place}/give", scope)))
    return nodes.Choice(tuple(branches))


def _never(seen: list[str], source: str) -> str:
    """Why a branch is never taken, or "". `seen`: the conditions before it."""
    source = " ".join(source.split())
    before = list(seen)
    seen.append(source)
    if "true" in before:
        return "Cette branche ne sert jamais : une branche d'avant prend tout."
    if source == "false" or (source and source in before):
        return "Cette branche ne sert jamais : sa condition " + (
            "est toujours fausse." if source == "false" else "est déjà celle d'une branche d'avant."
        )
    return ""


def _source(node: nodes.Computed) -> str:
    return str(node.source or "")


def _shown(default: Any) -> str:
    if isinstance(default, nodes.Computed):
        return _source(default)
    if isinstance(default, str):
        return f"« {default} »"
    return "rien" if default is None else json.dumps(default, ensure_ascii=False, default=str)


Make = Callable[[Reader, dict[str, Any], str, Scope], nodes.Node]
_OPERATORS: dict[str, tuple[Make, tuple[str, ...], tuple[str, ...]]] = {
    "$value": (_value, ("default",), ()),
    "$code": (_code, ("of", "default"), ("of",)),
    "$date": (_date, ("format", "zone"), ("format",)),
    "$document": (_documents, ("give", "default"), ("give",)),
    "$documents": (_documents, ("give",), ("give",)),
    "$content": (_content, (), ()),
    "$each": (_each, ("as", "give"), ("as", "give")),
    "$choose": (_choose, (), ()),
}
