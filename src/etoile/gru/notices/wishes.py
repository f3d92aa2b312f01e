"""What a person wishes to receive by e-mail, address by address, and the signed link that changes it.

The law's own notices are not concerned, and everything stays on the tracking page.
"""

import uuid

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.notices.kinds import CHOSEN, Kind
from etoile.gru.notices.models import Address, Notice, Wish

_WANTED = {
    Wish.EVERY_STEP: CHOSEN,
    Wish.NEEDED: frozenset({Kind.NEEDED, Kind.DIGEST}),
    Wish.LEGAL: frozenset[Kind](),
}
_signer = Signer(salt="notices.wishes", sep=".")


def wants(wish: str, kind: Kind) -> bool:
    return kind not in CHOSEN or kind in _WANTED[Wish(wish)]


def known(authority: Authority, email: str) -> Address:
    """What is known of this address, not kept yet when it never said anything. One statement."""
    found = Address.objects.filter(authority=authority, email=email.lower()).first()
    return found or Address(authority=authority, email=email.lower())


def wish_of(authority: Authority, email: str) -> Wish:
    """What this address wishes; every step until it says otherwise. One statement."""
    return Wish(known(authority, email).wish)


def choose(authority: Authority, email: str, wish: Wish) -> None:
    """One statement; said again, the last word counts."""
    chosen = Address(authority=authority, email=email.lower(), wish=wish, wished_at=timezone.now())
    Address.objects.bulk_create(
        [chosen], update_conflicts=True, unique_fields=["authority", "email"], update_fields=["wish", "wished_at"]
    )


def trust(authority: Authority, email: str) -> None:
    """Somebody says that this address receives: what was noted of its refusals is forgotten."""
    Address.objects.filter(authority=authority, email=email.lower()).update(failed_at=None)


def forget_unused() -> int:
    """Remove the addresses that no notice is about any more: a wish is not kept longer than what it is about."""
    used = Notice.objects.alias(to=Lower("recipient_email")).filter(
        to=OuterRef("email"), authority=OuterRef("authority")
    )
    return Address.objects.filter(~Exists(used)).delete()[0]


def token_of(notice: Notice) -> str:
    """What the link of an e-mail carries: the notice, signed. It says nothing of who received it."""
    return _signer.sign(notice.pk.hex)


def address_of(token: str, *, authority: Authority) -> str:
    """The e-mail address this link was sent to; empty when the link is not ours, or the notice is no more."""
    try:
        identifier = uuid.UUID(hex=_signer.unsign(token))
    except (BadSignature, ValueError):
        return ""
    sent = Notice.objects.filter(pk=identifier, authority=authority)
    return sent.values_list("recipient_email", flat=True).first() or ""


def masked(email: str) -> str:
    """Enough for its owner to know it, on a page whose link may have been passed on."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
