"""A code sent to an e-mail address proves that whoever types it reads that mailbox.

The code is computed from the identifier of its row and a secret of the server: a copy of the database tells none, and
what is not there cannot be shown in a log. Five wrong ones, or ten minutes, end it (ASVS 6.5.5).
"""

import hmac
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from etoile.gru.access.models import Authority
from etoile.gru.accounts.models import PersonAccount, Proof
from etoile.gru.notices.services import Recipient, send_later

_SALT = "etoile.gru.accounts.proofs"
LIFE = timedelta(minutes=10)
MOST_FAILURES = 5
DIGITS = 8
TEMPLATE = "account_code"


class ProofEnded(Exception):
    """Too old, used, unknown here, or tried too many times: another code must be asked for."""


class WrongCode(Exception):
    """`left`: how many tries remain."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(str(left))


@transaction.atomic
def ask(authority: Authority, email: str, *, language: str, account: PersonAccount | None = None) -> Proof:
    """Send a code, known address or not: who asks learns nothing of it, neither by the words nor by the time."""
    now = timezone.now()
    proof = Proof.objects.create(authority=authority, email=email.strip().lower(), account=account, ends_at=now + LIFE)
    context = {"proof": proof.pk.hex, "authority": authority.name, "minutes": int(LIFE.total_seconds() // 60)}
    send_later(authority, Recipient("", proof.email, language), TEMPLATE, context)
    return proof


def alive(authority: Authority, identifier: uuid.UUID, *, of: PersonAccount | None = None) -> Proof:
    """The code that waits, of who comes in or for another address of an account. Raises `ProofEnded`. One statement."""
    return _alive(Proof.objects.filter(pk=identifier, authority=authority, account=of).first())


def locked(authority: Authority, identifier: uuid.UUID, *, of: PersonAccount | None = None) -> Proof:
    """As `alive`, its row held until the end of the transaction: one code makes one entrance."""
    rows = Proof.objects.select_for_update().filter(pk=identifier, authority=authority, account=of)
    return _alive(rows.first())


def check(authority: Authority, identifier: uuid.UUID, given: str, *, of: PersonAccount | None = None) -> None:
    """Raises `WrongCode`, counted in its own transaction so that nothing undoes it, or `ProofEnded`."""
    with transaction.atomic():
        proof = locked(authority, identifier, of=of)
        if is_right(proof, given):
            return
        proof.failures += 1
        proof.save(update_fields=["failures"])
    raise WrongCode(MOST_FAILURES - proof.failures)


def is_right(proof: Proof, given: str) -> bool:
    bare = "".join(each for each in given if each.isdecimal())
    return hmac.compare_digest(bare.encode(), code_of(proof.pk).encode())


def code_of(identifier: uuid.UUID) -> str:
    """Eight digits."""
    number = int.from_bytes(salted_hmac(_SALT, identifier.hex, algorithm="sha256").digest())
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def forget() -> int:
    return Proof.objects.filter(ends_at__lt=timezone.now()).delete()[0]


def _alive(proof: Proof | None) -> Proof:
    if proof is None or proof.ends_at <= timezone.now() or proof.failures >= MOST_FAILURES:
        raise ProofEnded
    return proof
