"""The side navigation of a procedure: one line here for each part that has an entry."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """`route` is a name of `designer/urls.py` that takes the slug; its address is the start of its pages', and so are
    those of `also`, said from the address of the procedure."""

    route: str
    words: str | Promise
    icon: str
    also: tuple[str, ...] = ()


PARTS: tuple[Part, ...] = (
    Part("presentation", _("Présentation"), "home"),
    Part("outline", _("Pages et questions"), "list"),
    Part("documents", _("Pièces demandées"), "upload", also=("elements/document/",)),
    Part("declarations", _("Engagements"), "check", also=("elements/declaration/",)),
    Part("rules", _("Cas impossibles et prix"), "euro"),
    Part("preview", _("Essayer"), "eye"),
    Part("routing", _("Qui traite"), "branch"),
    Part("workflow", _("Étapes du traitement"), "arrow-right"),
    Part("messages", _("Messages"), "mail"),
    Part("legal", _("Fiche juridique"), "scales"),
    Part("register", _("Registre et conservation"), "lock"),
    Part("publication", _("Publication"), "send"),
    Part("history", _("Versions et historique"), "clock", also=("fermer/", "rouvrir/", "archiver/")),
)


def entries(slug: str, path: str) -> list[tuple[Part, str, bool]]:
    """Each part, its address, and whether the page at `path` belongs to it: the longest address that fits."""
    addresses = [reverse(f"designer:{part.route}", args=[slug]) for part in PARTS]
    whole = reverse("designer:outline", args=[slug])
    starts = [
        (start, address)
        for part, address in zip(PARTS, addresses, strict=True)
        for start in (address, *(whole + each for each in part.also))
        if path.startswith(start)
    ]
    _start, here = max(starts, key=lambda each: len(each[0]), default=("", ""))
    return [(part, address, address == here) for part, address in zip(PARTS, addresses, strict=True)]
