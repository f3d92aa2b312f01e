"""What comes back from a platform, with a line in the audit log when it is not to be believed."""

from collections.abc import Mapping

import structlog

from etoile.gru.access.models import Authority
from etoile.gru.audit.pace import is_worth_a_line
from etoile.gru.audit.services import note
from etoile.gru.identity.flow import Attempt, Identity, finish
from etoile.gru.identity.platforms import Platform
from etoile.gru.identity.tokens import Forged

log = structlog.get_logger(__name__)


def proven(
    platform: Platform, authority: Authority | None, attempt: Attempt | None, told: Mapping[str, str]
) -> Identity:
    """`flow.finish`, and its errors; a `Forged` is written down with its reason, and nothing of the answer itself."""
    try:
        return finish(platform, attempt, told)
    except Forged as forged:
        refuse(platform, authority, forged.why)
        raise


def refuse(platform: Platform, authority: Authority | None, why: str, *, subject: str = "") -> None:
    """One line: somebody came by this platform and was not let in. `why`: a word or two, in English."""
    log.warning("identity.refused", application=platform.slug, reason=why)
    if not is_worth_a_line(f"identity.refused:{platform.slug}"):
        return
    number = authority.pk if authority is not None else 0
    note("identity.refused", authority=number, by=platform, subject=subject, detail={"why": why})
