"""What comes back from a platform, with a line in the audit log when it is not to be believed."""

from collections.abc import Mapping

from etoile.gru.access.models import Authority
from etoile.gru.audit.services import note
from etoile.gru.identity.flow import Attempt, Identity, finish
from etoile.gru.identity.platforms import Platform
from etoile.gru.identity.tokens import Forged


def proven(
    platform: Platform, authority: Authority | None, attempt: Attempt | None, told: Mapping[str, str]
) -> Identity:
    """`flow.finish`, and its errors; a `Forged` is written down with its reason, and nothing of the answer itself."""
    try:
        return finish(platform, attempt, told)
    except Forged as forged:
        number = authority.pk if authority is not None else 0
        note("identity.refused", authority=number, by=platform, detail={"why": forged.why})
        raise
