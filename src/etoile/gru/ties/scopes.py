"""What a mandate is for: every procedure of the authority, or some of them. Data: a request is under it or is not."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.queries import open_procedures
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Tie

KEY = "scope"
ALL = "all"


def offered(authority: Authority) -> list[tuple[str, str]]:
    """The procedures that are open: slug and name, by name. One statement."""
    named = [(each.slug, str(each.current.name)) for each in open_procedures(authority) if each.current is not None]
    return sorted(named, key=lambda each: each[1])


def choices(authority: Authority) -> list[tuple[str, str]]:
    """All of them first, then each that is open. One statement."""
    return [(ALL, _("Toutes les démarches")), *offered(authority)]


def checked(authority: int, chosen: str) -> str:
    """As it is kept: `all`, or slugs in order, with a comma between them. Raises `TieRefused`."""
    slugs = sorted({each for each in chosen.split(",") if each})
    if ALL in slugs:
        return ALL
    if not slugs or len(_names(authority, slugs)) != len(slugs):
        raise TieRefused(_("Choisissez dans la liste les démarches que couvre ce mandat."))
    return ",".join(slugs)


def covers(tie: Tie, slug: str) -> bool:
    chosen = tie.detail.get(KEY, "")
    return chosen == ALL or slug in chosen.split(",")


def names(authority: int, chosen: Iterable[str]) -> dict[str, str]:
    """The procedures that all these name, by slug. One statement, none when they name none."""
    return _names(authority, {slug for each in chosen if each != ALL for slug in each.split(",") if slug})


def said(chosen: str, named: Mapping[str, str]) -> str:
    """In words; as it was noted, when it names no procedure. `named`: as `names` gives them."""
    if chosen == ALL:
        return _("Toutes les démarches")
    return ", ".join(sorted(named[each] for each in chosen.split(",") if each in named)) or chosen


def _names(authority: int, slugs: Iterable[str]) -> dict[str, str]:
    wanted = list(slugs)
    if not wanted:
        return {}
    found = Procedure.objects.select_related("current").filter(authority=authority, slug__in=wanted)
    return {each.slug: str(each.current.name) if each.current is not None else each.slug for each in found}
