"""The page where each thing that is missing is mended, at the control of the form when it has one."""

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.forms.publication import Missing

# `publication.Missing.place`, before its colon: the route of its page, and its name. What is after the colon goes in
# the address of those that are `WITH_IDENTIFIER`.
ROUTES: dict[str, tuple[str, str | Promise]] = {
    "presentation": ("presentation", _("Présentation")),
    "questions": ("outline", _("Pages et questions")),
    "page": ("page", _("Pages et questions")),
    "field": ("field", _("Pages et questions")),
    "document": ("documents", _("Pièces")),
    "declarations": ("declarations", _("Engagements")),
    "routing": ("routing", _("Qui traite")),
    "messages": ("messages", _("Messages")),
    "message": ("message", _("Messages")),
    "legal": ("legal", _("Fiche juridique")),
    "register": ("register", _("Registre et conservation")),
}
WITH_IDENTIFIER = {"field", "page", "message"}
# The control of a key, where it has not the key's own name.
CONTROLS = {
    "silence.regime": "silence",
    "silence.duration": "duration",
    "silence.basis": "silence_basis",
    "legal": "text-0",
    "register.retention.basis": "retention_basis",
}


def address(missing: Missing, slug: str) -> str:
    """Of the page where it is mended; the outline when it has none of its own."""
    kind, _colon, identifier = missing.place.partition(":")
    route = ROUTES[kind][0] if kind in ROUTES else "outline"
    try:
        page = reverse(f"designer:{route}", args=[slug, identifier] if kind in WITH_IDENTIFIER else [slug])
    except NoReverseMatch:
        return reverse("designer:outline", args=[slug])
    control = CONTROLS.get(missing.key, missing.key.rpartition(".")[2])
    return f"{page}#id_{control}" if control and route not in ("outline", "messages", "documents") else page


def name(missing: Missing) -> str:
    """Of the part of the procedure that it belongs to."""
    kind = missing.place.partition(":")[0]
    return str(ROUTES[kind][1]) if kind in ROUTES else str(ROUTES["questions"][1])
