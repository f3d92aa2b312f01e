"""The keys of an account: the only writer of them. Who may add one has been proved by whoever calls."""

import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.passkeys import ceremony
from etoile.gru.passkeys.ceremony import Place, Refused
from etoile.gru.passkeys.models import Passkey

MOST = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose keys they are; `account` is what the key shows, and `site` where it is for. `alone`: nothing else is asked
    before them, so that they read a finger or a code and know whose they are."""

    kind: str
    number: str
    account: str
    site: str
    alone: bool = False

    @property
    def code(self) -> bytes:
        """What a key keeps of the account: it says nothing to whoever finds the key."""
        said = f"passkeys {self.kind} {self.number}"
        return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256")


def agent(account: Account) -> Holder:
    site = account.authority.name if account.authority else "Étoile"
    return Holder("agent", str(account.pk), account.email, site)


def of(holder: Holder, place: Place) -> list[Passkey]:
    """Those that answer here, the first one first. One statement."""
    found = Passkey.objects.filter(kind=holder.kind, holder=holder.number, host=place.host)
    return list(found.order_by("pk"))


def to_add(holder: Holder, place: Place, asked: str) -> str:
    """What the browser is told for a new key; see `ceremony.to_create`."""
    known = [bytes(each.credential) for each in of(holder, place)]
    return ceremony.to_create(
        place, asked, owner=holder.code, account=holder.account, site=holder.site, known=known, alone=holder.alone
    )


def to_prove(keys: list[Passkey], place: Place, asked: str) -> str:
    """What the browser is told to have one of these keys answer."""
    return ceremony.to_ask(place, asked, [bytes(each.credential) for each in keys])


def to_open(place: Place, asked: str) -> str:
    """What the browser is told to have any key made for this place answer, alone."""
    return ceremony.to_ask(place, asked, (), alone=True)


def add(holder: Holder, place: Place, asked: str, answer: str, name: str) -> Passkey:
    """The key that answered `asked` becomes one of theirs. Raises Refused: no answer, known already, one too many."""
    made = ceremony.created(place, asked, answer, alone=holder.alone)
    try:
        with transaction.atomic():
            if len(of(holder, place)) >= MOST:
                raise Refused("too many keys")
            return Passkey.objects.create(
                kind=holder.kind,
                holder=holder.number,
                host=place.host,
                owner=holder.code,
                credential=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                synced=made.credential_backed_up,
                name=name,
                created_at=timezone.now(),
            )
    except IntegrityError as error:
        raise Refused("known already") from error


def check(holder: Holder, place: Place, asked: str, answer: str) -> Passkey:
    """The key of theirs that answered `asked`, which has then served. Raises Refused.

    Its row is locked while its counter is read: two answers at once are judged one after the other."""
    credential, _whose = ceremony.credential_of(answer)
    with transaction.atomic():
        mine = Passkey.objects.select_for_update().filter(kind=holder.kind, holder=holder.number, host=place.host)
        key = mine.filter(credential=credential).first()
        if key is None:
            raise Refused("no key of this account")
        return _served(key, place, asked, answer, alone=False)


def check_alone(kind: str, place: Place, asked: str, answer: str) -> Passkey:
    """The key of somebody of this kind that answered `asked`, and says rightly whose it is (WebAuthn §7.2, step 6).

    Raises Refused, for a key that read no finger nor code too. Locked as in `check`."""
    credential, whose = ceremony.credential_of(answer)
    with transaction.atomic():
        all_of_them = Passkey.objects.select_for_update().filter(kind=kind, host=place.host)
        key = all_of_them.filter(credential=credential).first()
        if key is None:
            raise Refused("a key of nobody")
        if not whose or not hmac.compare_digest(whose, bytes(key.owner)):
            raise Refused("the key of somebody else")
        return _served(key, place, asked, answer, alone=True)


def remove(holder: Holder, number: int) -> str:
    """It opens nothing any more. Returns its name, nothing if it is none of theirs."""
    with transaction.atomic():
        key = Passkey.objects.select_for_update().filter(kind=holder.kind, holder=holder.number, pk=number).first()
        if key is None:
            return ""
        key.delete()
        return str(key.name)


def forget(holder: Holder) -> int:
    """All of them, wherever they answer. Returns how many."""
    removed, _rows = Passkey.objects.filter(kind=holder.kind, holder=holder.number).delete()
    return removed


def forget_agent(account: Account) -> int:
    return forget(agent(account))


def _served(key: Passkey, place: Place, asked: str, answer: str, *, alone: bool) -> Passkey:
    public = bytes(key.public_key)
    proved = ceremony.answered(place, asked, answer, public_key=public, sign_count=key.sign_count, alone=alone)
    key.sign_count, key.synced = proved.new_sign_count, proved.credential_backed_up
    key.used_at = timezone.now()
    key.save(update_fields=["sign_count", "synced", "used_at"])
    return key
