"""The account that an identity opens, and what it certifies there. The only writer of `CivilIdentity`.

An e-mail told by a platform opens nothing and joins nothing: the name it gives (`sub`) does, else the whole pivot
identity certified before, else a session already open.
"""

from contextlib import AbstractContextManager

from django.db import IntegrityError, transaction
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.accounts import services as accounts
from etoile.gru.accounts.journal import note_of
from etoile.gru.accounts.models import Link, PersonAccount
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import refuse
from etoile.gru.identity.pivot import Pivot, pivot_of
from etoile.gru.identity.platforms import Platform
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import LowerLevel, record_attribute
from etoile.gru.recognition.models import CivilIdentity
from etoile.gru.sealing import lasting


class Stranger(Exception):
    """The identity is not that of this space. `why`: `elsewhere` (another space has it), `someone` (this space is
    somebody else's)."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def opened_by(platform: Platform, identity: Identity, authority: Authority, *, language: str) -> PersonAccount:
    """The account of whoever came by a platform, made at their first visit. Raises `Stranger`."""
    pivot = pivot_of(identity.claims)
    try:
        with _written_for(platform, authority), transaction.atomic():
            account = accounts.opened_by(authority, platform.slug, identity.subject)
            if account is None:
                account = _known_as(pivot, authority)
                if account is None:
                    account = accounts.open_with(authority, platform.slug, identity.subject, language=language)
                else:
                    accounts.link(account, platform.slug, identity.subject)
            _certify(platform, identity, pivot, account)
            _note(identity, account)
    except (accounts.AccountRefused, IntegrityError) as error:
        refuse(platform, authority, "elsewhere")
        raise Stranger("elsewhere") from error
    return account


def joined_to(platform: Platform, identity: Identity, account: PersonAccount) -> None:
    """The person signed in to this account shows who they are, or at a higher level: the platform opens it from now
    on. Raises `Stranger`, and nothing is written."""
    pivot, authority = pivot_of(identity.claims), account.authority
    known = CivilIdentity.objects.filter(account=account).first()
    if known is not None and bytes(known.digest) != _digest(pivot, authority):
        refuse(platform, authority, "someone", subject=str(account.pk))
        raise Stranger("someone")
    try:
        with _written_for(platform, authority), transaction.atomic():
            accounts.link(account, platform.slug, identity.subject)
            _certify(platform, identity, pivot, account)
            _note(identity, account)
    except (accounts.AccountRefused, IntegrityError) as error:
        refuse(platform, authority, "elsewhere", subject=str(account.pk))
        raise Stranger("elsewhere") from error


@transaction.atomic
def parted(account: PersonAccount) -> None:
    """No platform opens this account any more: all of them at once, since each would find it again by who its owner
    is. What they certified stays. Raises `AccountRefused` for who would be left without a way in."""
    with scope.of_person(account.person_id):
        for platform in linked_to(account):
            accounts.unlink(account, platform)
    CivilIdentity.objects.filter(account=account).delete()


def is_known(account: PersonAccount, platform: Platform) -> bool:
    """Whether this platform can open the account for nobody but who opens it already."""
    known = CivilIdentity.objects.filter(account=account).exists()
    return known or Link.objects.filter(account=account, platform=platform.slug).exists()


def linked_to(account: PersonAccount) -> list[str]:
    return list(Link.objects.filter(account=account).values_list("platform", flat=True))


def _written_for(platform: Platform, authority: Authority) -> AbstractContextManager[object]:
    """Which person it is, is what is looked for: every one of the authority may be found. The platform answers for what
    is written."""
    return scope.of_task("recognition", authority=authority.pk, author=f"platform/{platform.slug}")


def _known_as(pivot: Pivot, authority: Authority) -> PersonAccount | None:
    if not pivot.is_whole:
        return None
    found = CivilIdentity.objects.select_related("account__authority", "account__person")
    civil = found.filter(authority=authority, digest=_digest(pivot, authority)).first()
    return civil.account if civil is not None else None


def _certify(platform: Platform, identity: Identity, pivot: Pivot, account: PersonAccount) -> None:
    """Written again at each visit: what the State says now, from now. Raises IntegrityError when another account has
    this identity."""
    now = timezone.now()
    for key, value in pivot.attributes().items():
        record_attribute(account.person, key, value, level=Level.FRANCECONNECT, source=platform.slug, certified_at=now)
    for key, claim in (("usage_name", "preferred_username"), ("email", "email")):
        # Told by the person to their provider of identity: the State checks neither.
        value = identity.claims.get(claim)
        if isinstance(value, str) and 0 < len(value) <= 254:
            _tell(account, key, value, platform.slug)
    if pivot.is_whole:
        kept = {"authority": account.authority, "digest": _digest(pivot, account.authority), "certified_at": now}
        CivilIdentity.objects.update_or_create(account=account, defaults=kept)


def _note(identity: Identity, account: PersonAccount) -> None:
    """At what level, and by what proofs, when the platform told them: nobody else keeps it."""
    proofs = {"amr": list(identity.amr)} if identity.amr else {}
    note_of(account, "space.identified", platform=identity.platform, acr=identity.acr, **proofs)


def _tell(account: PersonAccount, key: str, value: str, source: str) -> None:
    try:
        record_attribute(account.person, key, value, level=Level.DECLARED, source=source)
    except LowerLevel:
        return


def _digest(pivot: Pivot, authority: Authority) -> bytes:
    """Keyed by this server, and by authority: two of them hold no common key on which to cross their accounts."""
    said = f"{authority.pk}\n{pivot.plain()}"
    return lasting.digest(b"etoile gru civil identities", said.encode())
