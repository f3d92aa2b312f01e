"""The side navigation of a procedure: one line here for each part that has an entry."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """`route` is a name of `designer/urls.py` that takes the slug; its address is the start of all its pages'."""

    route: str
    words: str | Promise
    icon: str


PARTS: tuple[Part, ...] = (
    Part("presentation", _("Présentation"), "home"),
    Part("outline", _("Pages et questions"), "list"),
    Part("documents", _("Pièces demandées"), "upload"),
    Part("declarations", _("Engagements"), "check"),
    Part("rules", _("Cas impossibles et prix"), "euro"),
    Part("preview", _("Essayer"), "eye"),
    Part("routing", _("Qui traite"), "branch"),
    Part("workflow", _("Étapes du traitement"), "arrow-right"),
    Part("messages", _("Messages"), "mail"),
    Part("legal", _("Fiche juridique"), "scales"),
    Part("register", _("Registre et conservation"), "lock"),
    Part("publication", _("Publication"), "send"),
    Part("history", _("Versions et historique"), "clock"),
)


def entries(slug: str, path: str) -> list[tuple[Part, str, bool]]:
    """Each part, its address, and whether the page at `path` belongs to it: the longest address that fits."""
    addresses = [reverse(f"designer:{part.route}", args=[slug]) for part in PARTS]
    here = max((each for each in addresses if path.startswith(each)), key=len, default="")
    return [(part, address, address == here) for part, address in zip(PARTS, addresses, strict=True)]
