"""SEDA 2.3, of which no schema is kept here: its facts about the elements we write, as data, against a manifest."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from lxml import etree
from tests.gru.archive.xsd import Child, Schema, X

from etoile.gru.archive.seda.manifest import _SCHEMA, File, Transfer, Unit, manifest

FACTS = yaml.safe_load(Path(__file__).with_name("seda-2.3.yaml").read_text())
SPACE = f"{{{FACTS['namespace']}}}"
TYPES = {name: [Child(*line.split()) for line in lines] for name, lines in FACTS["types"].items()}
# All that 2.3 changes in these types: what it adds, what it does without.
ADDED = {
    "BinaryDataObjectType": ["PersistentIdentifier", "DataObjectUse", "DataObjectNumber"],
    "DescriptiveMetadataContentType": ["SigningInformation", "PersistentIdentifier"],
}
REMOVED = {"DescriptiveMetadataContentType": ["Signature"]}


def faults(element, type_name="ArchiveTransferType"):
    """What 2.3 does not take in an element of this type, and in those it holds."""
    found = [] if element.tag.startswith(SPACE) else [f"{element.tag}: namespace"]
    name = etree.QName(element).localname
    if sorted(element.attrib) != FACTS["attributes"].get(name, []):
        found.append(f"{name}: attributes")
    if type_name not in TYPES:
        values = FACTS["values"].get(type_name)
        if not element.text:
            return [*found, f"{name}: empty"]
        return found if values is None or element.text in values else [*found, f"{name}: value"]
    children, places = TYPES[type_name], {each.name: place for place, each in enumerate(TYPES[type_name])}
    held = [etree.QName(each).localname for each in element]
    found += [f"{name}: {each} is unknown" for each in held if each not in places]
    order = [places[each] for each in held if each in places]
    found += [f"{name}: order"] * (order != sorted(order))
    for each in children:
        count = held.count(each.name)
        found += [f"{name}: {each.name} × {count}"] * (
            (count > 1 and each.occurs != "*") or (not count and each.occurs == "1")
        )
    for each in element:
        if (place := places.get(etree.QName(each).localname)) is not None:
            found += faults(each, children[place].type)
    return found


@pytest.fixture
def made():
    file = File("content/1/dossier.pdf", "dossier.pdf", "application/pdf", "0" * 128, 12, "Dossier")
    unit = Unit("Acte, 26-ABCD-4", "26-ABCD-4", date(2026, 1, 2), date(2026, 2, 3), [file, file])
    told = Transfer("2-1", datetime(2026, 3, 4, tzinfo=UTC), "AD49", "A-1", "21490007800012", "Acte", "P1Y+P4Y", True,
                    [unit, unit])  # fmt: skip
    return etree.fromstring(manifest(told, "2.3"))


def test_the_manifest_is_what_2_3_says_of_each_element_it_writes(made):
    assert faults(made) == []


@pytest.mark.parametrize(
    ("xpath", "change", "fault"),
    [
        ("//s:ArchiveUnit/s:Content", lambda at: etree.SubElement(at, f"{SPACE}Signature"), "Signature is unknown"),
        ("//s:Content/s:Title", lambda at: at.getparent().append(at), "Content: order"),
        ("//s:FinalAction", lambda at: at.getparent().remove(at), "FinalAction × 0"),
        ("//s:DescriptionLevel", lambda at: setattr(at, "text", "Dossier"), "DescriptionLevel: value"),
        ("//s:ArchiveUnit", lambda at: at.attrib.clear(), "ArchiveUnit: attributes"),
        ("//s:Uri", lambda at: at.getparent().insert(3, etree.Element(f"{SPACE}DataObjectUse")), "order"),
    ],
)  # fmt: skip
def test_what_2_3_refuses_is_seen(made, xpath, change, fault):
    change(made.find(xpath.replace("//", ".//"), {"s": FACTS["namespace"]}))
    assert any(fault in each for each in faults(made))


def test_2_3_takes_what_2_2_takes_but_for_a_signature_so_that_the_schema_of_2_2_checks_both():
    schema = Schema(_SCHEMA)
    for name, facts in TYPES.items():
        added, removed = ADDED.get(name, []), REMOVED.get(name, [])
        before = schema.children(name)
        assert [each for each in facts if each.name not in added] == [
            each for each in before if each.name not in removed
        ], name
        assert {each.name for each in facts} - {each.name for each in before} == set(added), name
    for name, values in FACTS["values"].items():
        listed = schema.named[f"{X}simpleType", name].iter(f"{X}enumeration")
        assert [each.get("value") for each in listed] == values
