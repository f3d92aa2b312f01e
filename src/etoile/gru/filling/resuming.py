"""Taking a draft up again in another browser: a code to write down, or a link sent by e-mail.

Neither is in the database. The code is computed from the draft's identifier and a secret of the server, so that it can
be shown again, and only its digest is kept, from the day it was shown. The link is signed when the mail leaves.
"""

import uuid
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from etoile.gru.access.models import Authority
from etoile.gru.cases.references import ALPHABET
from etoile.gru.filling import keys
from etoile.gru.filling.errors import DraftUnknown
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import KEPT, Filling, drafts, locked
from etoile.gru.notices.services import Recipient, send_later

_SALT = "etoile.gru.filling.resuming"
# 28 symbols, twelve of them: 57 bits, for a draft that lives some days, behind a throttle.
_GROUPS, _GROUP = 3, 4
# A family's devices; the oldest browser is forgotten first.
_BROWSERS = 8


def code_of(filling: Filling) -> str:
    """The code that opens this draft elsewhere from now on, such as `K7QM-3XPT-9DBR`. One statement at most."""
    code = _code(filling.draft.id)
    known = _digest(code)
    if filling.draft.code_digest != known:
        Draft.objects.filter(pk=filling.draft.pk).update(code_digest=known)
        filling.draft.code_digest = known
    return code


def send_link(filling: Filling, email: str, *, language: str = "fr") -> None:
    """Mail the link, in the caller's transaction if there is one. The address is kept with the notice alone."""
    version = filling.version
    authority = version.procedure.authority
    send_later(
        authority,
        Recipient(name="", email=email, language=language),
        "draft_link",
        {
            "procedure": version.name.raw(),
            **({"discreet": True} if version.definition.discreet else {}),
            "authority": authority.name,
            "draft": str(filling.draft.id),
            "until": filling.draft.expires_at.isoformat(),
            "timezone": authority.timezone,
        },
    )


def token_of(draft: uuid.UUID) -> str:
    """What the link carries: good for as many days as a draft is kept after a saving."""
    return signing.dumps(draft.hex, salt=_SALT)


def by_code(code: str, *, authority: Authority) -> Draft:
    """The draft of this code, however it was typed. Raises `DraftUnknown`."""
    bare = "".join(symbol for symbol in code.upper() if symbol.isalnum())
    return _found(authority, code_digest=_digest(bare))


def by_token(token: str, *, authority: Authority) -> Draft:
    """The draft of this link. Raises `DraftUnknown`: too old, not ours, or the draft is no more."""
    try:
        identifier = uuid.UUID(hex=signing.loads(token, salt=_SALT, max_age=KEPT))
    except (signing.BadSignature, ValueError) as error:
        raise DraftUnknown from error
    return _found(authority, pk=identifier)


def let_in(draft: Draft) -> tuple[Draft, str]:
    """A key for one more browser, which keeps those it has. Raises `DraftConfirmed`."""
    key = keys.new_key()
    with transaction.atomic():
        fresh = locked(draft)
        fresh.other_keys = [*fresh.other_keys, keys.digest(key)][-_BROWSERS:]
        fresh.save(update_fields=["other_keys"])
    return fresh, key


def _found(authority: Authority, **by: Any) -> Draft:
    alive = drafts().filter(version__procedure__authority=authority, expires_at__gt=timezone.now())
    draft = alive.filter(**by).first()
    if draft is None:
        raise DraftUnknown
    return draft


def _code(identifier: uuid.UUID) -> str:
    number = int.from_bytes(salted_hmac(_SALT, identifier.hex, algorithm="sha256").digest())
    symbols = []
    for _ in range(_GROUPS * _GROUP):
        number, rest = divmod(number, len(ALPHABET))
        symbols.append(ALPHABET[rest])
    return "-".join("".join(symbols[at : at + _GROUP]) for at in range(0, len(symbols), _GROUP))


def _digest(code: str) -> str:
    return salted_hmac(f"{_SALT}.code", code.replace("-", ""), algorithm="sha256").hexdigest()
