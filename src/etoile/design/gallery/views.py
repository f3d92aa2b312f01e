"""The pages of the gallery. Who may see them is decided by the product: `urls(guard)`."""

import re
from collections.abc import Callable
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from etoile.design.colours import DEFAULT_ACCENT, DEFAULT_BRAND, contrast, palette
from etoile.design.gallery.catalogue import GROUPS
from etoile.design.gallery.samples import samples
from etoile.design.parts import Cell, Table
from etoile.design.theme import theme_of

View = Callable[..., HttpResponse]
EXAMPLES = Path(__file__).parents[1] / "templates" / "design" / "gallery" / "examples"
PAIRS = (
    ("ink", "paper"),
    ("ink-soft", "sunken"),
    ("link", "brand-soft"),
    ("on-brand", "brand"),
    ("on-accent", "accent"),
    ("on-deep", "deep"),
    ("accent-strong", "accent-soft"),
)


def urls(guard: Callable[[View], View]) -> tuple[list[URLPattern], str]:
    """What a product includes at `design/`, each page behind its own guard."""
    patterns = [
        path("", guard(foundations), name="foundations"),
        path("<slug:slug>/", guard(group), name="group"),
    ]
    return patterns, "design"


def foundations(request: HttpRequest) -> HttpResponse:
    """Colours and their contrasts (of the town whose site this is), type, depth."""
    owner = getattr(request, "authority", None)
    shown = theme_of(getattr(owner, "theme", None)).palette or palette(DEFAULT_BRAND, DEFAULT_ACCENT)
    rows = [
        [Cell(f"{front} / {ground}"), *(_ratio(side[front], side[ground]) for side in (shown.light, shown.dark))]
        for front, ground in PAIRS
    ]
    context = {
        "groups": GROUPS,
        "tokens": [(name, value, shown.dark[name]) for name, value in shown.light.items()],
        "contrasts": Table(_("Contrastes"), [_("Texte et fond"), _("Clair"), _("Sombre")], rows),
    }
    return render(request, "design/gallery/foundations.html", context)


def group(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((each for each in GROUPS if each.slug == slug), None)
    if found is None:
        raise Http404
    context = samples()
    examples = [
        (
            example,
            render_to_string(f"design/gallery/examples/{example.slug}.html", context),
            _source(example.slug),
        )
        for example in found.examples
    ]
    shown = {"groups": GROUPS, "group": found, "layout": found.layout, "examples": examples}
    return render(request, "design/gallery/group.html", shown)


def _source(slug: str) -> str:
    text = (EXAMPLES / f"{slug}.html").read_text(encoding="utf-8")
    return re.sub(r"^\{% load design %\}", "{% load design %}\n", text)


def _ratio(front: str, ground: str) -> Cell:
    return Cell(f"{contrast(front, ground):.1f}".replace(".", ","), numeric=True)
