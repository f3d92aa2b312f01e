"""What a mandate is for: every procedure of the authority, or some of them. Data: a request is under it or is not."""

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
    if not slugs or len(_named(authority, slugs)) != len(slugs):
        raise TieRefused(_("Choisissez dans la liste les démarches que couvre ce mandat."))
    return ",".join(slugs)


def covers(tie: Tie, slug: str) -> bool:
    chosen = tie.detail.get(KEY, "")
    return chosen == ALL or slug in chosen.split(",")


def said(authority: int, chosen: str) -> str:
    """In words; as it was noted, when it names no procedure. One statement, none for a mandate for everything."""
    if chosen == ALL:
        return _("Toutes les démarches")
    names = _named(authority, [each for each in chosen.split(",") if each])
    return ", ".join(sorted(names)) or chosen


def _named(authority: int, slugs: list[str]) -> list[str]:
    found = Procedure.objects.select_related("current").filter(authority=authority, slug__in=slugs)
    return [str(each.current.name) if each.current is not None else each.slug for each in found]
