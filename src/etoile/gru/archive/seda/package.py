"""From a list to the ZIP: files first, read once and proven on the way, then the manifest that names them."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.archive import casefile
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.archive.seda.manifest import File, Transfer, Unit, manifest
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import NEEDED
from etoile.gru.cases.views_of_agent import AgentCase, agent_view
from etoile.gru.documents.places import place_of
from etoile.gru.people import scope

BLOCK = 256 * 1024


def write(slip: Slip, version: str, target: BinaryIO) -> int:
    """Write the package of the cases that wait on this list; how many. Memory does not grow with the files.

    Raises `ArchiveRefused` when none waits or a file is missing or altered, `InvalidManifest` rather than give one
    that the schema refuses: then `target` is worth nothing.
    """
    waiting = slip.lines.filter(state=SlipLine.State.WAITING).values_list("listed_case", flat=True)
    cases = list(Case.objects.filter(pk__in=list(waiting)).order_by("decided_at", "pk").values_list("pk", flat=True))
    if not cases:
        raise ArchiveRefused(_("Ce bordereau n’a plus de dossier à exporter."))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        units = []
        for number, pk in enumerate(cases, start=1):
            case = Case.objects.select_related(*NEEDED).get(pk=pk)
            with scope.of_person(case.person_id):
                units.append(_unit(package, agent_view(case, frozenset()), number))
        package.writestr("manifest.xml", manifest(_transfer(slip, units), version))
    return len(cases)


def _transfer(slip: Slip, units: list[Unit]) -> Transfer:
    rule = slip.rule
    return Transfer(
        identifier=f"{slip.authority.siret}-{slip.number}",
        at=timezone.now(),
        agency=settings.ARCHIVAL_AGENCY,
        agreement=settings.ARCHIVAL_AGREEMENT,
        sender=slip.authority.siret,
        comment=f"{rule['title'].get('fr', '')} ({slip.number})",
        duration=f"{rule['active']}+{rule['intermediate']}",
        keep=slip.kind == Slip.Kind.TRANSFER,
        units=units,
    )


def _unit(package: zipfile.ZipFile, view: AgentCase, number: int) -> Unit:
    case = view.case
    zone = case.authority.zone
    place = f"content/{number}"
    paper, chain = [casefile.pdf_of(view)], [_history(view)]
    made = [
        _put(package, f"{place}/dossier.pdf", "dossier.pdf", "application/pdf", _("Dossier de la demande"), paper),
        _put(package, f"{place}/historique.json", "historique.json", "application/json", _("Historique scellé"), chain),
    ]
    for rank, document in enumerate(view.documents, start=1):
        # The name that a person gave is told, and is never a path.
        suffix = Path(document.name).suffix.lower()[:8]
        uri = f"{place}/piece-{rank}{suffix if suffix[1:].isalnum() else ''}"
        proof = hashlib.sha256()
        made.append(
            _put(package, uri, document.name, document.media_type, document.name, _read(place_of(document.id), proof))
        )
        if proof.hexdigest() != document.sha256:
            raise ArchiveRefused(_("Un fichier de la demande %(reference)s n’est plus celui qui a été reçu.") % {
                "reference": case.reference})  # fmt: skip
    ended = case.decided_at or case.updated_at
    return Unit(
        title=f"{case.procedure_version.name}, {case.reference}",
        reference=case.reference,
        received=case.submitted_at.astimezone(zone).date(),
        ended=ended.astimezone(zone).date(),
        files=made,
    )


def _put(package: zipfile.ZipFile, uri: str, name: str, media_type: str, title: str, blocks: Iterable[bytes]) -> File:
    digest, size = hashlib.sha512(), 0
    with package.open(uri, "w", force_zip64=True) as target:
        for block in blocks:
            digest.update(block)
            size += len(block)
            target.write(block)
    return File(uri=uri, name=name, media_type=media_type, sha512=digest.hexdigest(), size=size, title=title)


def _read(path: Path, proof: Any) -> Iterator[bytes]:
    try:
        with path.open("rb") as content:
            while block := content.read(BLOCK):
                proof.update(block)
                yield block
    except FileNotFoundError as error:
        raise ArchiveRefused(_("Un fichier manque sur le disque : restaurez-le avant d’exporter.")) from error


def _history(view: AgentCase) -> bytes:
    """Every row with its hash and the one before: the chain is checked without us."""
    rows = [
        {
            "number": row.number,
            "at": row.at.isoformat(),
            "verb": row.verb,
            "actor": [row.actor_kind, row.actor],
            "from": row.from_state,
            "to": row.to_state,
            "substate": row.substate,
            "reason": row.reason,
            "detail": row.detail,
            "previous": bytes(row.previous_hash).hex(),
            "hash": bytes(row.hash).hex(),
        }
        for row in view.history
    ]
    case = {"case": str(view.case.pk), "reference": view.case.reference, "rows": rows}
    return json.dumps(case, ensure_ascii=False, indent=1).encode()
