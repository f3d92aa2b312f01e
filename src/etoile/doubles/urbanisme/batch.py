"""What the nightly batch of this software does, here many times a minute: read what was dropped, give back news.

It may be killed at each line: a dropped file leaves the folder last, and is known by its name when it is read again.
"""

import csv
import io
import json
import logging
import mimetypes
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from etoile.doubles.simulation import documents, telling
from etoile.doubles.simulation.profile import Profile
from etoile.doubles.simulation.store import Store

log = logging.getLogger(__name__)
DROPPED, TAKEN, RETURNED, REFUSED = "depot", "pris", "retour", "rejets"
# Where the town puts away what it has read.
OURS = (f"{RETURNED}/archive", f"{RETURNED}/illisibles")
MARKER, RECEIPT = ".ok", ".ack"
COLUMNS = ("Fichier", "Dossier", "Etat", "Libelle", "Message", "Date")
REQUIRED = ("Reference", "Demandeur/Nom", "Terrain/Adresse")
ENCODING = "cp1252"


class Unreadable(Exception):
    """A dropped file is not what was agreed; the text is French."""


class Batch:
    """`place`: the folder that the SFTP server shows."""

    def __init__(self, profile: Profile, store: Store, place: Path) -> None:
        self.profile, self.store, self.place = profile, store, place
        for name in (DROPPED, TAKEN, RETURNED, REFUSED, *OURS):
            (place / name).mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        for marker in sorted((self.place / DROPPED).glob(f"*.xml{MARKER}")):
            dropped = marker.with_suffix("")
            if dropped.exists():
                try:
                    self._take(dropped)
                except Unreadable as error:
                    self._refuse(dropped, str(error))
            marker.unlink(missing_ok=True)
        self._give_back()

    def _take(self, dropped: Path) -> None:
        asked = _read(dropped)
        pieces = [self._piece(name) for name in asked["Piece"]]
        item, _ = self.store.receive(
            telling.kind_of(self.profile),
            key=dropped.stem,
            uuid=dropped.stem,
            reference=asked["Reference"],
            payload=asked,
        )
        for path in pieces:
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            content = path.read_bytes()
            documents.keep(
                self.store, item.number, id=path.name, name=path.name, media_type=media_type, content=content
            )
        telling.tell_first(self.profile, self.store, item)
        _whole(self.place / RETURNED / f"{dropped.name}{RECEIPT}", b"")
        for path in (*pieces, dropped):
            path.rename(self.place / TAKEN / path.name)

    def _piece(self, name: str) -> Path:
        """Where a document is: put away already when the batch was cut in the middle of this file."""
        for folder in (DROPPED, TAKEN):
            if name and (self.place / folder / name).is_file():
                return self.place / folder / name
        raise Unreadable("Une pièce annoncée n’est pas dans le dossier.")

    def _refuse(self, dropped: Path, reason: str) -> None:
        log.warning("a dropped file was refused: %s", reason)
        _whole(self.place / REFUSED / f"{dropped.name}.motif.txt", reason.encode())
        dropped.rename(self.place / REFUSED / dropped.name)

    def _give_back(self) -> None:
        """One CSV file for all the changes since the last one."""
        rows = self.store.rows("SELECT position, event FROM outgoing WHERE state = 'waiting' ORDER BY position")
        if not rows:
            return
        last = rows[-1]["position"]
        content = self._spoilt(_csv(json.loads(each["event"]) for each in rows))
        name = f"etats-{last:08d}"
        if self.store.faults.strikes("duplicate"):
            _whole(self.place / RETURNED / f"{name}-bis.csv", content)
        _whole(self.place / RETURNED / f"{name}.csv", content)
        self.store.write("UPDATE outgoing SET state = 'sent' WHERE state = 'waiting' AND position <= ?", last)

    def _spoilt(self, content: bytes) -> bytes:
        """The file as the fault in force would have it."""
        faults = self.store.faults
        if faults.strikes("renamed"):
            return content.replace(b"Dossier;Etat", b"NumDossier;Situation", 1)
        return content[: len(content) // 2] if faults.strikes("truncated") else content


def _read(dropped: Path) -> dict[str, Any]:
    try:
        root = etree.parse(dropped, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except etree.XMLSyntaxError:
        raise Unreadable("Le fichier n’est pas du XML.") from None
    missing = [name for name in REQUIRED if not root.findtext(name)]
    if missing:
        raise Unreadable(f"Élément absent : {', '.join(missing)}.")
    found = {each.tag: _tree(each) for each in root if each.tag != "Piece"}
    return found | {"Piece": [Path(each.text or "").name for each in root.iterfind("Piece")]}


def _tree(element: Any) -> Any:
    return {child.tag: _tree(child) for child in element} if len(element) else (element.text or "").strip()


def _csv(changes: Iterable[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in changes:
        moment = datetime.fromtimestamp(each["at"] / 1000, UTC).isoformat(timespec="milliseconds")
        writer.writerow((each["key"], each["number"], each["code"], each["label"], each["message"], moment))
    return text.getvalue().encode(ENCODING, "replace")


def _whole(path: Path, content: bytes) -> None:
    """A file appears under its name once it is whole: the town reads this folder at any moment."""
    hidden = path.with_name(f".{path.name}.part")
    hidden.write_bytes(content)
    hidden.rename(path)
