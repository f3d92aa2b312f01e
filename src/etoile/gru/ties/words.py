"""A tie in plain words."""

from collections.abc import Mapping, Sequence

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


def named(ties: Sequence[Tie]) -> dict[str, str]:
    """The procedures that these mandates are for, all of one authority, for `details`. One statement at most."""
    return scopes.names(ties[0].authority_id, (each.detail.get(scopes.KEY, "") for each in ties)) if ties else {}


def details(tie: Tie, procedures: Mapping[str, str]) -> list[str]:
    """One line each, in the order of its kind. `procedures`: as `named` gives them."""
    return [detail(key, tie.detail[key], procedures) for key in tie.what.asks if tie.detail.get(key)]


def detail(key: str, value: str, procedures: Mapping[str, str]) -> str:
    return scopes.said(value, procedures) if key == scopes.KEY else said(key, value)
