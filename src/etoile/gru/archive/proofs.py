"""The proof that cases were removed: what each was, as hashes, under whose agreement, signed. No name, no contact.

The key is Ed25519, made from the secret of the GRU. Anyone who has the file can check the signature; only someone who
kept a case can recompute its digest.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils import timezone

from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of
from etoile.gru.sealing import lasting

FORMAT = "etoile-removal-proof/1"


class BadProof(Exception):
    """The file does not prove what it says; the sentence tells which part."""


def digest_of(case: Case) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of its identifier, its reference, the end of its chain of history
    (which seals every row before it) and the SHA-256 of its files, sorted."""
    files = sorted(Document.objects.filter(holder=case.pk).values_list("sha256", flat=True))
    said = {
        "case": str(case.pk),
        "reference": case.reference,
        "rows": case.history_number,
        "history": bytes(case.history_hash).hex(),
        "documents": files,
    }
    return hashlib.sha256(_canonical(said)).hexdigest()


def file_of(document: Document) -> dict[str, Any]:
    """What a proof keeps of a file: nothing of its name."""
    return {"id": str(document.pk), "sha256": document.sha256, "size": document.size}


def seal(slip: Slip) -> dict[str, Any]:
    """Head, hash of the lines and signature of a list that is done. The lines stay in their table."""
    lines = _lines(slip)
    agreed_on = slip.agreed_on.isoformat() if slip.agreed_on else ""
    head = {
        "format": FORMAT,
        "authority": {"siret": slip.authority.siret, "name": slip.authority.name},
        "list": slip.number,
        "kind": slip.kind,
        "rule": slip.rule,
        "agreement": {"number": slip.agreement, "by": slip.agreed_by, "on": agreed_on},
        "done_at": timezone.now().isoformat(),
        "removed": len(lines),
        "lines_sha256": hashlib.sha256(_canonical(lines)).hexdigest(),
    }
    key = _key()
    return {
        "head": head,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(_canonical(head)).hex(),
    }


def proof_of(slip: Slip) -> dict[str, Any]:
    """The whole file to keep: what `seal` signed, and the lines. Raises `BadProof` while the list is not done."""
    if slip.proof is None:
        raise BadProof("this list is not done: nothing is proven yet")
    return {**slip.proof, "lines": _lines(slip)}


def verify(proof: Mapping[str, Any]) -> int:
    """Check a file without a database; how many removals it proves. Raises `BadProof`."""
    try:
        head, lines = proof["head"], proof["lines"]
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"]))
        public.verify(bytes.fromhex(proof["signature"]), _canonical(head))
        if head["format"] != FORMAT:
            raise BadProof("the file is of another format")
        if head["lines_sha256"] != hashlib.sha256(_canonical(lines)).hexdigest() or head["removed"] != len(lines):
            raise BadProof("the lines are not those that were signed")
    except InvalidSignature as error:
        raise BadProof("the signature is not that of this file") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadProof("the file is not a proof of removal") from error
    return len(lines)


def is_ours(proof: Mapping[str, Any]) -> bool:
    """Signed by the key of this GRU: anyone may sign a file, with a key of theirs."""
    return proof.get("public_key") == _key().public_key().public_bytes_raw().hex()


def still_here(proof: Mapping[str, Any]) -> list[str]:
    """References of the lines of which something is still here: a case, a document, a file. None when the proof tells
    the truth."""
    left = []
    for line in proof["lines"]:
        case_id = uuid.UUID(line["case"])
        files = [place_of(uuid.UUID(each["id"])).exists() for each in line["documents"]]
        if Case.objects.filter(pk=case_id).exists() or Document.objects.filter(holder=case_id).exists() or any(files):
            left.append(str(line["reference"]))
    return left


def _lines(slip: Slip) -> list[dict[str, Any]]:
    return [
        {
            "case": str(line.listed_case),
            "reference": line.reference,
            "submitted_on": line.submitted_on.isoformat(),
            "decided_on": line.decided_on.isoformat(),
            "outcome": line.outcome,
            "documents": line.documents,
            "digest": line.digest,
            "removed_at": line.removed_at.isoformat() if line.removed_at else "",
        }
        for line in slip.lines.filter(state=SlipLine.State.REMOVED).order_by("id")
    ]


def _canonical(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(lasting.secret(b"etoile proofs of removal"))
