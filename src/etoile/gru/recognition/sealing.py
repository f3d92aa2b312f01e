"""The id_token of a session, kept for the logout on the platform: sealed, since it names somebody."""

from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.sealing.boxes import Box
from etoile.gru.sealing.holders import Holder

BOX = Box(b"etoile gru id tokens")


def sealed(id_token: str, account: PersonAccount) -> bytes:
    """Readable with the keys of this server, for this account."""
    return BOX.seal(id_token.encode(), account.pk.bytes)


def opened(kept: bytes, account: PersonAccount) -> str:
    """The inverse of `sealed`. Raises `SealError`."""
    return BOX.unseal(kept, account.pk.bytes).decode()


HOLDER = Holder(
    PersonSession._meta.db_table,
    "sessions of persons",
    lambda: PersonSession.objects.exclude(id_token=None),
    {"id_token": lambda session: BOX.renewed(session.id_token, session.account_id.bytes)},
)
