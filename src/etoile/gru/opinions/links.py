"""The link of an invitation: signed when the mail leaves, in no table; revoked or expired, it opens nothing."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.cases.apart import in_use
from etoile.gru.cases.models import Case
from etoile.gru.opinions.models import Opinion, State

_SALT = "etoile.gru.opinions"


def invitation_address(context: Mapping[str, Any]) -> str:
    return f"/consultation/{token_of(uuid.UUID(context['opinion']))}/"


def token_of(opinion: uuid.UUID) -> str:
    return signing.Signer(salt=_SALT).sign(opinion.hex)


def by_token(token: str, authority: Authority) -> Opinion | None:
    """The opinion of this link, while it opens something. One statement, none for a forged one."""
    try:
        identifier = uuid.UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    needed = ("case__procedure_version__procedure", "case__team", "case__authority", "asked_by")
    there = in_use(Case.objects.filter(authority=authority))
    mine = Opinion.objects.select_related(*needed).filter(case__in=there.values("pk"))
    found = mine.filter(pk=identifier).first()
    if found is None or not found.is_open_on(timezone.localdate()):
        return None
    return found if found.case.is_open or found.state == State.GIVEN else None
