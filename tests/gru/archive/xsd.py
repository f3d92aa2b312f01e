"""What an XML schema says may stand in each element, read from the schema itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

X = "{http://www.w3.org/2001/XMLSchema}"
MANY = "unbounded"


@dataclass(frozen=True)
class Child:
    """`occurs`: `1`, `?` or `*`. Of a choice, each may be left out."""

    name: str
    type: str
    occurs: str

    def __str__(self) -> str:
        return f"{self.name} {self.type} {self.occurs}"


class Schema:
    """The named parts of a schema and of those it includes."""

    def __init__(self, path: Path) -> None:
        self.named: dict[tuple[str, str], etree._Element] = {}
        self._read(path, set())

    def _read(self, path: Path, seen: set[Path]) -> None:
        if path in seen:
            return
        seen.add(path)
        for each in etree.parse(path, etree.XMLParser(remove_comments=True)).getroot():
            if each.tag == f"{X}include":
                self._read(path.parent / each.get("schemaLocation"), seen)
            elif each.get("name"):
                self.named[each.tag, each.get("name")] = each

    def children(self, type_name: str) -> list[Child]:
        """In their order."""
        return list(self._within(self.named[f"{X}complexType", type_name], least=1, many=False))

    def _within(self, node: etree._Element, *, least: int, many: bool) -> Iterator[Child]:
        for each in node:
            low = least * int(each.get("minOccurs", "1")) * (node.tag != f"{X}choice")
            repeated = many or each.get("maxOccurs") == MANY
            if each.tag == f"{X}element":
                yield self._child(each, low, repeated)
            elif each.tag == f"{X}group":
                yield from self._within(self.named[f"{X}group", each.get("ref")], least=low, many=repeated)
            elif each.tag == f"{X}extension" and (f"{X}complexType", each.get("base")) in self.named:
                yield from self.children(each.get("base"))
                yield from self._within(each, least=low, many=repeated)
            elif each.tag in {f"{X}sequence", f"{X}choice", f"{X}complexContent"}:
                yield from self._within(each, least=low, many=repeated)

    def _child(self, element: etree._Element, low: int, many: bool) -> Child:
        found = self.named[f"{X}element", element.get("ref")] if element.get("ref") else element
        return Child(
            found.get("name"), found.get("type", "-").removeprefix("xsd:"), "*" if many else "1" if low else "?"
        )
