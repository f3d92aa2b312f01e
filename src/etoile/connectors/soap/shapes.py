"""Comparing a request with what an operation expects, and reading an answer by its types."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from zeep.xsd.elements.any import Any as AnyElement
from zeep.xsd.elements.indicators import Choice, Group, OrderIndicator
from zeep.xsd.types import ComplexType

from etoile.connectors.soap import markup

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
INTEGERS = frozenset(
    {"integer", "int", "long", "short", "byte", "positiveInteger", "nonNegativeInteger", "negativeInteger"}
    | {"nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"}
)
NUMBERS = frozenset({"decimal", "float", "double"})


def faults_of(tree: Any, expected: Any, operation: str) -> list[str]:
    """What of `tree` (a mapping, or its file, before any event) an operation would not take, in French."""
    sent = tree["send"] if isinstance(tree, Mapping) and "mapping" in tree and "send" in tree else tree
    return list(_faults(sent, expected, operation, ""))


def _faults(node: Any, expected: Any, operation: str, place: str) -> Iterator[str]:
    if _later(node):
        # A repeated group or documents: what each gives can be compared all the same.
        if isinstance(node, Mapping) and isinstance(node.get("give"), Mapping):
            yield from _faults(node["give"], expected, operation, place)
        return
    where = f"« {place} »" if place else f"L’opération « {operation} »"
    if not isinstance(expected, ComplexType):
        if isinstance(node, Mapping) and (node or place) and not is_document(node):
            yield f"{where} attend une valeur simple, pas un groupe"
        return
    if not isinstance(node, Mapping):
        yield f"{where} attend un groupe d’éléments, pas une valeur"
        return
    members = dict(_members(expected))
    for name, child in node.items():
        inner = f"{place}.{name}" if place else str(name)
        if name in members:
            yield from _child_faults(child, members[name][0], operation, inner)
        elif not _open(expected):
            known = ", ".join(members) or "aucun"
            yield f"« {inner} » n’existe pas dans « {operation} » (éléments possibles ici : {known})"
    for name, (_, required) in members.items():
        if required and node.get(name) is None:
            yield f"« {place}.{name} » manque" if place else f"« {name} » manque : « {operation} » l’exige"


def _child_faults(node: Any, element: Any, operation: str, place: str) -> Iterator[str]:
    several = bool(getattr(element, "accepts_multiple", False))
    if isinstance(node, list):
        if not several:
            yield f"« {place} » attend une seule valeur, pas une liste"
        for rank, each in enumerate(node):
            yield from _faults(each, element.type, operation, f"{place}[{rank}]")
    else:
        yield from _faults(node, element.type, operation, place)


def _later(node: Any) -> bool:
    """Computed for each event, or written in a form that only the mapping understands: nothing can be said yet."""
    if isinstance(node, Mapping):
        return any(str(name).startswith("$") for name in node)
    return isinstance(node, str) and node.startswith("=") and not node.startswith("==")


def is_document(node: Any) -> bool:
    """A document of the contract (its content is sent in its place)."""
    return isinstance(node, Mapping) and all(name in node for name in ("id", "url", "sha256", "size"))


def _members(expected: ComplexType) -> Iterator[tuple[str, tuple[Any, bool]]]:
    """The elements and attributes of a type: name, declaration, and whether one is always needed."""
    for _, indicator in expected.elements_nested:
        yield from _within(indicator, True)
    for name, attribute in expected.attributes:
        if name and hasattr(attribute, "type"):
            yield name, (attribute, bool(getattr(attribute, "required", False)))


def _within(node: Any, required: bool) -> Iterator[tuple[str, tuple[Any, bool]]]:
    if isinstance(node, Group):
        yield from _within(node.child, required and node.min_occurs > 0)
    elif isinstance(node, OrderIndicator):
        needed = required and node.min_occurs > 0 and not isinstance(node, Choice)
        for child in node:
            yield from _within(child, needed)
    elif getattr(node, "type", None) is not None and getattr(node, "attr_name", None):
        yield node.attr_name, (node, required and node.min_occurs > 0 and node.default is None)


def _open(expected: ComplexType) -> bool:
    """Whether anything may come in it (xs:any), or it repeats as a whole: it cannot be compared name by name."""
    nested = [each for _, each in expected.elements_nested if isinstance(each, OrderIndicator)]
    repeats = any(each.accepts_multiple for each in nested)
    return repeats or any(isinstance(element, AnyElement) for _, element in expected.elements)


def values_of(element: etree._Element, expected: Any) -> Any:
    """An element as values for expressions: objects, lists where the contract allows several, numbers, booleans, texts.

    It forgives an element that the contract does not have: applications grow. What is missing is simply not there.
    """
    if element.get(f"{XSI}nil") in ("true", "1"):
        return None
    declared = expected if isinstance(expected, ComplexType) else None
    children = [child for child in element if isinstance(child.tag, str)]
    if declared is None and not children:
        return _simple((element.text or "").strip(), expected)
    members = dict(_members(declared)) if declared is not None else {}
    found: dict[str, Any] = {
        name: [] for name, (each, _) in members.items() if getattr(each, "accepts_multiple", False)
    }
    for child in children:
        name = markup.local(child)
        member = members.get(name)
        value = values_of(child, member[0].type if member else None)
        if isinstance(found.get(name), list):
            found[name].append(value)
        elif name in found:
            found[name] = [found[name], value]
        else:
            found[name] = value
    for name, value in element.attrib.items():
        if isinstance(name, str) and not name.startswith("{"):
            found.setdefault(name, _simple(value, members[name][0].type if name in members else None))
    if not children and (element.text or "").strip():
        found["_value_1"] = (element.text or "").strip()
    return found


def _simple(text: str, expected: Any) -> Any:
    kind = _base(expected)
    try:
        if kind == "boolean":
            return text in ("true", "1")
        if kind in INTEGERS:
            return int(text)
        return float(text) if kind in NUMBERS else text
    except ValueError:
        return text


def _base(expected: Any) -> str:
    for each in type(expected).__mro__ if expected is not None else ():
        name = getattr(getattr(each, "_default_qname", None), "localname", "")
        if name in INTEGERS or name in NUMBERS or name == "boolean":
            return str(name)
    return ""
