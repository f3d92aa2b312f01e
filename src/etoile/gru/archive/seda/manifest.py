"""The manifest: `ArchiveTransfer`, one archive unit a case, one a file of it. Checked against the schema before it
leaves.

The schemas of 2.2 are those of the Archives de France. In the elements written here, 2.3 takes all that 2.2 takes but
for a signature, which is not written, and wants nothing more (`tests/gru/archive/seda-2.3.yaml`): its manifest is the
same under its own namespace, and is checked against 2.2 under that of 2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from lxml import etree

NAMESPACE = "fr:gouv:culture:archivesdefrance:seda:v"
VERSIONS = ("2.2", "2.3")
_SCHEMA = Path(__file__).parent / "schemas" / "seda-2.2-main.xsd"
# Of the list of access rules of the SEDA: private life, fifty years (code du patrimoine L213-2, I, 3°).
PRIVATE_LIFE = "AR048"


class InvalidManifest(Exception):
    """What was made does not answer the schema: nothing is given."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the package. `uri` is its place in it, `sha512` in hexadecimal, `size` in bytes."""

    uri: str
    name: str
    media_type: str
    sha512: str
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One case: what describes it, and its files."""

    title: str
    reference: str
    received: date
    ended: date
    files: Sequence[File]


@dataclass(frozen=True, slots=True)
class Transfer:
    """`agency` is the identifier of the archives, `agreement` of what was agreed with them (may be empty), `sender` of
    the authority (SIRET); `duration` is ISO 8601, `keep` what becomes of it in the end."""

    identifier: str
    at: datetime
    agency: str
    agreement: str
    sender: str
    comment: str
    duration: str
    keep: bool
    units: Sequence[Unit]


def manifest(transfer: Transfer, version: str) -> bytes:
    """XML in UTF-8. Raises `InvalidManifest`."""
    if version not in VERSIONS:
        raise InvalidManifest(f"SEDA {version} is not written here; these are: {', '.join(VERSIONS)}")
    made = _written(transfer, "2.2")
    if not _schema().validate(made):
        raise InvalidManifest(str(_schema().error_log.last_error))
    return etree.tostring(
        made if version == "2.2" else _written(transfer, version),
        xml_declaration=True,
        encoding="UTF-8",
        pretty_print=True,
    )


def _written(transfer: Transfer, version: str) -> etree._Element:
    space = f"{NAMESPACE}{version}"
    root = etree.Element(f"{{{space}}}ArchiveTransfer", nsmap={None: space})
    put = _Writer(space)
    put(root, "Comment", transfer.comment)
    put(root, "Date", transfer.at.isoformat(timespec="seconds"))
    put(root, "MessageIdentifier", transfer.identifier)
    if transfer.agreement:
        put(root, "ArchivalAgreement", transfer.agreement)
    lists = put(root, "CodeListVersions")
    put(lists, "MessageDigestAlgorithmCodeListVersion", "SHA-512")
    put(lists, "AppraisalRuleCodeListVersion", "ISO 8601")
    put(lists, "AccessRuleCodeListVersion", "edition 2009")
    package = put(root, "DataObjectPackage")
    for number, unit in enumerate(transfer.units, start=1):
        for place, file in enumerate(unit.files, start=1):
            _binary(put, package, file, f"B{number}_{place}")
    described = put(package, "DescriptiveMetadata")
    for number, unit in enumerate(transfer.units, start=1):
        _unit(put, described, unit, number, transfer)
    managed = put(package, "ManagementMetadata")
    put(managed, "OriginatingAgencyIdentifier", transfer.sender)
    put(managed, "SubmissionAgencyIdentifier", transfer.sender)
    put(put(root, "ArchivalAgency"), "Identifier", transfer.agency)
    put(put(root, "TransferringAgency"), "Identifier", transfer.sender)
    return root


class _Writer:
    def __init__(self, space: str) -> None:
        self.space = space

    def __call__(self, parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
        child = etree.SubElement(parent, f"{{{self.space}}}{name}", attributes)
        if text:
            child.text = text
        return child


def _binary(put: _Writer, package: etree._Element, file: File, identifier: str) -> None:
    group = put(package, "DataObjectGroup", id=f"G{identifier[1:]}")
    binary = put(group, "BinaryDataObject", id=identifier)
    put(binary, "DataObjectVersion", "BinaryMaster_1")
    put(binary, "Uri", file.uri)
    put(binary, "MessageDigest", file.sha512, algorithm="SHA-512")
    put(binary, "Size", str(file.size))
    put(put(binary, "FormatIdentification"), "MimeType", file.media_type)
    put(put(binary, "FileInfo"), "Filename", file.name)


def _unit(put: _Writer, parent: etree._Element, unit: Unit, number: int, transfer: Transfer) -> None:
    described = put(parent, "ArchiveUnit", id=f"U{number}")
    managed = put(described, "Management")
    appraisal = put(managed, "AppraisalRule")
    put(appraisal, "Rule", transfer.duration)
    put(appraisal, "StartDate", unit.ended.isoformat())
    put(appraisal, "FinalAction", "Keep" if transfer.keep else "Destroy")
    access = put(managed, "AccessRule")
    put(access, "Rule", PRIVATE_LIFE)
    put(access, "StartDate", unit.ended.isoformat())
    content = put(described, "Content")
    put(content, "DescriptionLevel", "File")
    put(content, "Title", unit.title)
    put(content, "OriginatingAgencyArchiveUnitIdentifier", unit.reference)
    agency = put(content, "OriginatingAgency")
    put(agency, "Identifier", transfer.sender)
    put(content, "ReceivedDate", unit.received.isoformat())
    put(content, "StartDate", unit.received.isoformat())
    put(content, "EndDate", unit.ended.isoformat())
    for place, file in enumerate(unit.files, start=1):
        item = put(described, "ArchiveUnit", id=f"U{number}_{place}")
        told = put(item, "Content")
        put(told, "DescriptionLevel", "Item")
        put(told, "Title", file.title)
        reference = put(item, "DataObjectReference")
        put(reference, "DataObjectGroupReferenceId", f"G{number}_{place}")


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMA))
