"""A tie in plain words."""

from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.ties import scopes
from etoile.gru.ties.kinds import said
from etoile.gru.ties.models import Tie


def period(tie: Tie) -> str:
    """From when to when; nothing when nobody said."""
    if tie.begins_on and tie.ends_on:
        return _("du %(first)s au %(last)s") % {"first": spelled(tie.begins_on), "last": spelled(tie.ends_on)}
    if tie.ends_on:
        return _("jusqu’au %(last)s") % {"last": spelled(tie.ends_on)}
    return _("depuis le %(first)s") % {"first": spelled(tie.begins_on)} if tie.begins_on else ""


def details(tie: Tie) -> list[str]:
    """One line each, in the order of its kind. One statement for a mandate that is for some procedures."""
    return [_said(tie, key) for key in tie.what.asks if tie.detail.get(key)]


def _said(tie: Tie, key: str) -> str:
    value = tie.detail[key]
    return scopes.said(tie.authority_id, value) if key == scopes.KEY else said(key, value)
