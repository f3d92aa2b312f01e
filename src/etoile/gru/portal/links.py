"""Addresses of the portal: they are printed in e-mails."""

from etoile.gru.notices.models import Notice
from etoile.gru.notices.wishes import token_of


def wishes_address(notice: Notice) -> str:
    """Where whoever receives this notice says what else they want to receive."""
    return f"/courriels/{token_of(notice)}/"
