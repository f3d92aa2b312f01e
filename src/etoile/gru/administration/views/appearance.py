"""The look of the town: two colours whose contrast is checked, a logo, seen before they are kept."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from etoile.design.colours import DEFAULT_ACCENT, DEFAULT_BRAND, Palette, contrast, palette
from etoile.design.forms import Plain, line
from etoile.design.oklch import ColourError
from etoile.gru.access import themes
from etoile.gru.access.models import Authority
from etoile.gru.backoffice.guard import right_required


class ThemeForm(Plain):
    colour = line(
        gettext_lazy("Couleur principale"),
        required=gettext_lazy("Écrivez la couleur principale, par exemple : #0f5c6b."),
        hint=gettext_lazy("Elle remplit les boutons et l’en-tête. Exemple : #0f5c6b"),
        most=7,
    )
    accent = line(
        gettext_lazy("Seconde couleur"),
        required=gettext_lazy("Écrivez la seconde couleur, par exemple : #f2a93b."),
        hint=gettext_lazy("Pour les petites choses. Exemple : #f2a93b"),
        most=7,
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG ou WebP, lisible sur fond clair et sur fond sombre. 4 Mo au plus."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "colour" in given and "accent" in given:
            try:
                palette(given["colour"], given["accent"])
            except ColourError as refusal:
                # The refusal names the colour: it stands beside the one that was typed.
                self.add_error("accent" if given["accent"] in str(refusal) else "colour", str(refusal))
        return given

    def clean_logo(self) -> bytes | None:
        upload = self.cleaned_data["logo"]
        if upload is None:
            return None
        try:
            return themes.logo_of(upload)
        except themes.ThemeFileError as refusal:
            raise forms.ValidationError(str(refusal)) from None


@dataclass(frozen=True, slots=True)
class Check:
    """A pair of colours that must be told apart: its ratio, and the least that is needed."""

    words: str
    ratio: str
    least: str


@right_required("authority.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    kept = authority.theme
    if request.method == "POST" and "remove_logo" in request.POST:
        themes.change(authority, {"logo": ""}, by=request.user)
        notes.success(request, _("Le logo est retiré : l’initiale de la ville prend sa place."))
        return redirect("administration:appearance")
    begun = {"colour": kept.get("colour") or DEFAULT_BRAND, "accent": kept.get("accent") or DEFAULT_ACCENT}
    form = ThemeForm(request.POST or None, request.FILES or None, initial=begun)
    if form.is_valid() and "preview" not in request.POST:
        _keep(request, authority, form.cleaned_data)
        notes.success(request, _("L’apparence est changée. Ouvrez le portail pour la voir en place."))
        return redirect("administration:appearance")
    shown = form.cleaned_data if form.is_bound and not form.errors else begun
    made = palette(shown["colour"], shown["accent"])
    context = {
        "form": form,
        "title": _("Apparence"),
        "preview_style": preview_style(made, getattr(request, "csp_nonce", "")),
        "checks": checks(made),
        "has_logo": bool(kept.get("logo")),
    }
    return render(request, "administration/appearance.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, authority: Authority, given: dict[str, Any]) -> None:
    changed = {"colour": given["colour"].lower(), "accent": given["accent"].lower()}
    if given["logo"]:
        changed["logo"] = themes.keep_logo(authority, given["logo"])
    themes.change(authority, changed, by=request.user)


def checks(made: Palette) -> list[Check]:
    """What the rule asks, by day: 4.5 for words, 3 for shapes (WCAG 1.4.3, 1.4.11)."""
    light = made.light
    pairs = (
        (_("Mots des boutons"), light["on-brand"], light["brand"], 4.5),
        (_("Boutons sur la page"), light["brand"], light["sunken"], 3.0),
        (_("Mots sur la seconde couleur"), light["on-accent"], light["accent"], 4.5),
        (_("Liens"), light["link"], light["paper"], 4.5),
    )
    return [
        Check(words, number_format(contrast(one, other), 1), number_format(least, 1))
        for words, one, other, least in pairs
    ]


def preview_style(made: Palette, nonce: str) -> SafeString:
    """The palettes, for the two frames of the preview only."""
    return format_html(
        '<style nonce="{}">.preview-day{{{}}}.preview-night{{{}}}'
        ".preview-day,.preview-night{{background:var(--paper);color:var(--ink);color-scheme:light}}"
        ".preview-night{{color-scheme:dark}}.preview-band{{background:var(--deep);color:var(--on-deep)}}"
        ".preview-mark{{background:var(--accent);color:var(--on-accent)}}</style>",
        nonce,
        *(
            mark_safe("".join(f"--{key}:{value};" for key, value in tokens.items()))  # noqa: S308 (hexadecimal only)
            for tokens in (made.light, made.dark)
        ),
    )
