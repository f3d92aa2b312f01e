"""The second factor of agents: a code of their telephone, and ten codes on paper for the day it is lost. The only
writer of both.

The secret is sealed for its account and a code on paper is kept as a keyed digest: a copy of the database alone opens
nothing. What proves the factor serves once, and five wrong codes suspend the account's factor for a quarter of an hour:
since the password is asked first, nobody else can cause it.
"""

import base64
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from etoile.gru.access.models import Account, RecoveryCode, SecondFactor
from etoile.gru.access.services import number_of
from etoile.gru.audit.services import note
from etoile.gru.sealing import lasting
from etoile.gru.sealing.boxes import Box, SealError
from etoile.gru.sealing.holders import Holder
from etoile.runtime import totp

_TOGETHER: list[Callable[[Account], int]] = []
BOX = Box(b"etoile gru second factors")
MOST_FAILURES = 5
SUSPENSION = timedelta(minutes=15)
CODES = 10
GROUP = 4


class Suspended(Exception):
    """Too many wrong codes; `seconds` until one is read again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


def is_enrolled(account: Account) -> bool:
    return since(account) is not None


def since(account: Account) -> datetime | None:
    """When the telephone in use was installed; None when there is none. One statement."""
    return SecondFactor.objects.filter(account=account).values_list("since", flat=True).first()


def codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account).count()


@transaction.atomic
def enrol(account: Account, secret: str, code: str) -> list[str] | None:
    """The telephone becomes the second factor, in place of the one before, when it gives the right code.

    Returns the recovery codes, to be shown once; None for a wrong code. Only for whoever has just proved the password
    and, when there is one, the factor before."""
    step = totp.matching_step(secret, code, time.time())
    if step is None:
        return None
    _keep(account, secret, step)
    note("agent.factor_set", authority=number_of(account), by=account, subject=account.email)
    return _new_codes(account)


def give(account: Account, secret: str) -> None:
    """A factor whose secret is known to whoever loads a town: demonstrations and tests. One that exists stays."""
    totp.code_at(secret, 0)
    if not is_enrolled(account):
        _keep(account, secret, 0)


def check(account: Account, code: str) -> bool:
    """Whether this is a code of the telephone, or one on paper, which has then served. Raises `Suspended`."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(account=account).first()
        if factor is None:
            return False
        _refuse_if_suspended(factor)
        if _serves(factor, code):
            factor.failures = 0
            factor.save(update_fields=["failures", "last_step"])
            return True
        _count(factor, account)
        return False


def is_readable(account: Account) -> bool:
    """False once the key that sealed the telephone is no longer among those of the server: its codes cannot be checked,
    those on paper can. One statement."""
    factor = SecondFactor.objects.filter(account=account).first()
    return factor is None or _secret(factor) is not None


def forgotten_together(forget: Callable[[Account], int]) -> None:
    """Have `reset` forget, too, what another room keeps that proves who an account is."""
    _TOGETHER.append(forget)


@transaction.atomic
def reset(account: Account, *, by: Account | None) -> bool:
    """The telephone, the codes and the keys are forgotten: the next sign-in asks for a telephone. False when there was
    none."""
    for forget in _TOGETHER:
        forget(account)
    RecoveryCode.objects.filter(account=account).delete()
    removed, _rows = SecondFactor.objects.filter(account=account).delete()
    if removed:
        note("agent.factor_reset", authority=number_of(account), by=by, subject=account.email)
    return bool(removed)


def sealed(secret: str, account: Account) -> str:
    """The secret, readable with the key of this server and for this account only."""
    return base64.b64encode(BOX.seal(secret.encode(), _bound_to(account.pk))).decode()


def opened(text: str, account: Account) -> str:
    """The inverse of `sealed`. Raises `ValueError`."""
    return BOX.unseal(base64.b64decode(text, validate=True), _bound_to(account.pk)).decode()


def _renewed(factor: SecondFactor) -> str | None:
    again = BOX.renewed(base64.b64decode(factor.secret, validate=True), _bound_to(factor.account_id))
    return base64.b64encode(again).decode() if again is not None else None


def grouped(code: str, between: str) -> str:
    """By four letters, as one copies them."""
    return between.join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _keep(account: Account, secret: str, step: int) -> None:
    values = {"secret": sealed(secret, account), "last_step": step, "failures": 0, "since": timezone.now()}
    SecondFactor.objects.update_or_create(account=account, defaults=values)


def _refuse_if_suspended(factor: SecondFactor) -> None:
    if factor.failures < MOST_FAILURES or factor.failed_at is None:
        return
    left = factor.failed_at + SUSPENSION - timezone.now()
    if left > timedelta(0):
        raise Suspended(int(left.total_seconds()) + 1)
    factor.failures = 0


def _secret(factor: SecondFactor) -> str | None:
    try:
        return opened(factor.secret, factor.account)
    except SealError:
        return None


def _serves(factor: SecondFactor, code: str) -> bool:
    secret = _secret(factor)
    step = totp.matching_step(secret, code, time.time()) if secret is not None else None
    if step is not None:
        # RFC 6238 §5.2: a code that has served serves no more, were it read over a shoulder.
        if step <= factor.last_step:
            return False
        factor.last_step = step
        return True
    used, _rows = RecoveryCode.objects.filter(account=factor.account, digest=_digest(factor.account, code)).delete()
    if used:
        account = factor.account
        note("agent.recovery_code", authority=number_of(account), by=account, subject=account.email)
    return bool(used)


def _count(factor: SecondFactor, account: Account) -> None:
    factor.failures += 1
    factor.failed_at = timezone.now()
    factor.save(update_fields=["failures", "failed_at"])
    note("agent.code_refused", authority=number_of(account), by=account, subject=account.email)
    if factor.failures == MOST_FAILURES:
        note("agent.factor_suspended", authority=number_of(account), by=account, subject=account.email)


def _new_codes(account: Account) -> list[str]:
    """80 random bits each, as « ABCD-EFGH-IJKL-MNOP »."""
    RecoveryCode.objects.filter(account=account).delete()
    raw = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, each)) for each in raw)
    return [grouped(each, "-") for each in raw]


def _digest(account: Account, code: str) -> bytes:
    """Keyed by this server; spaces, dashes and small letters are as good."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return lasting.digest(b"etoile gru recovery codes", _bound_to(account.pk) + plain.encode())


def _bound_to(account_id: object) -> bytes:
    return f"{account_id}\n".encode()


HOLDER = Holder(SecondFactor._meta.db_table, "telephones of agents", SecondFactor.objects.all, {"secret": _renewed})
