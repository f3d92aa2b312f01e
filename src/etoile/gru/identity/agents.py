"""Which agent somebody is, whom ProConnect has named. The only writer of `AgentLink`."""

from django.db import IntegrityError, transaction

from etoile.gru.access.models import Account, Authority
from etoile.gru.audit.services import note
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import refuse
from etoile.gru.identity.models import AgentLink
from etoile.gru.identity.platforms import Platform


class Unmatched(Exception):
    """Nobody here. `why`: `claims`, `employer`, `unknown`, `closed`, `other`; `email`: as ProConnect tells it."""

    def __init__(self, why: str, email: str = "") -> None:
        self.why, self.email = why, email
        super().__init__(why)


def agent_of(platform: Platform, identity: Identity, authority: Authority) -> Account:
    """The active account of this authority for this identity; a refusal leaves a line in the audit log.

    The employer told (SIRET) is this authority, always: an agent who left for another town may keep an e-mail here in
    an alias. Then the account is the one that this identity opened before; the first time, the one that has its e-mail,
    unless another identity has opened it. Nothing else is read of the claims: what an agent may do stays in the GRU,
    and an account is never made from here. Raises `Unmatched`.
    """
    try:
        return _linked(identity, authority)
    except Unmatched as unmatched:
        refuse(platform, authority, unmatched.why, subject=unmatched.email)
        raise


@transaction.atomic
def unlink(account: Account, *, by: Account | None) -> bool:
    """The next identity of ProConnect with the e-mail of this account opens it: after a change of employer's directory.

    False when none had."""
    removed, _rows = AgentLink.objects.filter(account=account).delete()
    if removed:
        note("identity.unlinked", authority=account.authority_id or 0, by=by, subject=account.email)
    return bool(removed)


def is_linked(account: Account) -> bool:
    return AgentLink.objects.filter(account=account).exists()


def _linked(identity: Identity, authority: Authority) -> Account:
    email, siret = identity.claims.get("email"), identity.claims.get("siret")
    if identity.platform != "proconnect" or not isinstance(email, str) or not isinstance(siret, str):
        raise Unmatched("claims")
    if siret.replace(" ", "") != authority.siret:
        raise Unmatched("employer", email)
    accounts = Account.objects.filter(authority=authority)
    account = accounts.filter(proconnect__subject=identity.subject).first()
    if account is None:
        account = Account.objects.of_email(email).filter(authority=authority).first()
    if account is None:
        raise Unmatched("unknown", email)
    if not account.is_active:
        raise Unmatched("closed", email)
    if not _is(account, identity.subject):
        raise Unmatched("other", email)
    return account


def _is(account: Account, subject: str) -> bool:
    """Whether this identity is that of the account; the first that comes becomes it."""
    try:
        with transaction.atomic():
            link, is_new = AgentLink.objects.get_or_create(account=account, defaults={"subject": subject})
            if is_new:
                note("identity.linked", authority=account.authority_id or 0, by=account, subject=account.email)
    except IntegrityError:  # of an account of another authority
        return False
    return link.subject == subject
