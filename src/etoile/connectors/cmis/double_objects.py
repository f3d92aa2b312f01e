"""What the simulated repository holds: folders, documents, and the types that say which properties they have."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

from starlette.datastructures import UploadFile

BLOCK = 256 * 1024
FORBIDDEN = frozenset('"*\\><?/:|')
COMMON = {"cmis:name": "string", "cmis:objectTypeId": "id", "cmis:secondaryObjectTypeIds": "ids"}
COMMON |= {"cmis:description": "string"}
# type -> its base and its own properties; `ids` and `strings` take several values.
TYPES: dict[str, tuple[str, dict[str, str]]] = {
    "cmis:folder": ("cmis:folder", {}),
    "cmis:document": ("cmis:document", {}),
    "D:gru:piece": ("cmis:document", {"gru:nature": "nature"}),
    "P:cm:titled": ("cmis:secondary", {"cm:title": "string", "cm:description": "string"}),
    "P:gru:demande": (
        "cmis:secondary",
        {"gru:reference": "string", "gru:deposee": "datetime", "gru:communes": "strings", "gru:urgente": "boolean"},
    ),
}
NATURES = frozenset({"photo", "plan"})


class Refused(Exception):
    """A CMIS exception, as the repository tells it."""

    def __init__(self, exception: str, message: str) -> None:
        super().__init__(message)
        self.exception, self.message = exception, message


@dataclass(frozen=True, slots=True)
class Content:
    media_type: str
    size: int
    sha256: str
    kept: bytes

    @classmethod
    async def read(cls, part: UploadFile, *, keep: bool) -> Self:
        """What was sent, in blocks; its bytes are kept only when asked."""
        digest, size, kept = hashlib.sha256(), 0, b""
        while block := await part.read(BLOCK):
            digest.update(block)
            size += len(block)
            kept += block if keep else b""
        return cls(part.content_type or "", size, digest.hexdigest(), kept)


@dataclass(slots=True)
class Node:
    id: str
    name: str
    parent: str
    properties: dict[str, Any]
    content: Content | None


class Tree:
    """`same_name_twice`: a folder takes two objects of one name. `versions`: the identifier tells the version."""

    def __init__(self, *, same_name_twice: bool, versions: bool) -> None:
        self._same_name_twice, self._versions = same_name_twice, versions
        self.root = Node(str(uuid4()), "", "", {"cmis:objectTypeId": "cmis:folder"}, None)
        self.nodes = [self.root]
        site = self.create(self.root, _of("cmis:folder", "Sites"), None)
        self.create(site, _of("cmis:folder", "mairie"), None)

    def documents(self) -> list[Node]:
        return [node for node in self.nodes if node.content is not None]

    def by_id(self, id: str) -> Node:
        return self._one((node for node in self.nodes if node.id.split(";")[0] == id.split(";")[0]), id)

    def by_path(self, path: str) -> Node:
        node = self.root
        for name in filter(None, path.split("/")):
            node = self._one((each for each in self.children(node) if each.name == name), f"/{path}")
        return node

    def children(self, node: Node) -> list[Node]:
        return [each for each in self.nodes if each.parent == node.id]

    def create(self, parent: Node, given: dict[str, list[str]], content: Content | None) -> Node:
        name, properties = _checked(given, "cmis:folder" if content is None else "cmis:document")
        if not self._same_name_twice and any(each.name == name for each in self.children(parent)):
            raise Refused("contentAlreadyExists", "An object with this name already exists!")
        version = ";1.0" if content is not None and self._versions else ""
        node = Node(str(uuid4()) + version, name, parent.id, properties, content)
        self.nodes.append(node)
        return node

    def described(self, node: Node) -> dict[str, Any]:
        facts = {**node.properties, "cmis:objectId": node.id, "cmis:name": node.name}
        if node.content is not None:
            unknown = not self._versions and not node.content.size
            facts["cmis:contentStreamLength"] = -1 if unknown else node.content.size
            facts["cmis:contentStreamMimeType"] = node.content.media_type
        return {"succinctProperties": facts}

    def type_definition(self, id: str) -> dict[str, Any]:
        if id not in TYPES:
            raise Refused("objectNotFound", f"Type '{id}' is unknown!")
        base, own = TYPES[id]
        return {"id": id, "baseId": base, "propertyDefinitions": {name: {"id": name} for name in {**COMMON, **own}}}

    def _one(self, found: Iterator[Node], wanted: str) -> Node:
        node = next(found, None)
        if node is None:
            raise Refused("objectNotFound", f"Object not found: {wanted}")
        return node


def _of(type: str, name: str) -> dict[str, list[str]]:
    return {"cmis:objectTypeId": [type], "cmis:name": [name]}


def _checked(given: dict[str, list[str]], base: str) -> tuple[str, dict[str, Any]]:
    """The name and the typed properties, as OpenCMIS reads them by the definition of their types."""
    types = [*given.get("cmis:objectTypeId", []), *given.get("cmis:secondaryObjectTypeIds", [])]
    if not types or any(type not in TYPES for type in types) or TYPES[types[0]][0] != base:
        raise Refused("constraint", "Type is not creatable or unknown!")
    known = COMMON | {name: kind for type in types for name, kind in TYPES[type][1].items()}
    name = (given.get("cmis:name") or [""])[0]
    if not name or FORBIDDEN & set(name) or name != name.strip() or name.endswith("."):
        raise Refused("nameConstraintViolation", f"Name is not valid: {name}")
    return name, {key: _typed(key, known, values) for key, values in given.items() if key != "cmis:name"}


def _typed(name: str, known: dict[str, str], values: list[str]) -> Any:
    kind = known.get(name)
    if kind is None:
        raise Refused("invalidArgument", f"Property {name} is unknown!")
    if kind in ("ids", "strings"):
        return values
    value = values[0] if len(values) == 1 else None
    if kind == "datetime":
        if value is None or not value.lstrip("-").isdigit():
            raise Refused("invalidArgument", f"Property {name} is not a date: milliseconds are expected.")
        return int(value)
    if kind == "nature" and value not in NATURES:
        raise Refused("constraint", f"Constraint violation: the value of {name} is not an allowed value")
    return value == "true" if kind == "boolean" else value
