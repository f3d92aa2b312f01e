"""Which agent somebody is, whom ProConnect has named."""

from etoile.gru.access.models import Account, Authority
from etoile.gru.identity.flow import Identity


def agent_of(identity: Identity, authority: Authority) -> Account | None:
    """The active account of this authority that has the e-mail told by ProConnect, when the employer told is this
    authority itself (SIRET); or None. Nothing else is read of the claims: what an agent may do stays in the GRU, and
    an account is never made from here.

    The e-mail alone would not do: an agent who left for another town may keep it there in an alias.
    """
    email, siret = identity.claims.get("email"), identity.claims.get("siret")
    if identity.platform != "proconnect" or not isinstance(email, str) or not isinstance(siret, str):
        return None
    if siret.replace(" ", "") != authority.siret:
        return None
    return Account.objects.filter(email__iexact=email.strip(), authority=authority, is_active=True).first()
