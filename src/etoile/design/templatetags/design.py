"""The components, as template tags: `{% load design %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from etoile.design import icons
from etoile.design.chart import Chart, plot
from etoile.design.colours import ColourError, palette
from etoile.design.fields import ErrorLink, FieldView, errors_of_form, from_bound
from etoile.design.parts import TONES, Pages, SummaryRow, Table, TimelineEntry
from etoile.design.star import Star, drawing

register = template.Library()


@register.simple_tag
def icon(name: str, css_class: str = "icon") -> SafeString:
    return icons.draw(name, css_class)


@register.simple_tag
def icon_strokes(name: str) -> SafeString:
    return icons.strokes(name)


@register.simple_tag
def field(view: FieldView | BoundField) -> SafeString:
    """One question, of a `FieldView` or of a Django form's bound field."""
    shown = from_bound(view) if isinstance(view, BoundField) else view
    return render_to_string(shown.template, {"field": shown})


@register.inclusion_tag("design/components/error_summary.html")
def error_summary(errors: Iterable[ErrorLink] | BaseForm) -> dict[str, Any]:
    """What is wrong with the page, each line a link to its field; nothing when nothing is wrong."""
    links = errors_of_form(errors) if isinstance(errors, BaseForm) else list(errors or ())
    return {"errors": links}


@register.inclusion_tag("design/components/button.html")
def button(
    label: str,
    *,
    variant: str = "primary",
    href: str = "",
    name: str = "",
    value: str = "",
    icon: str = "",
    trailing: str = "",
    described: str = "",
) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given. Variants: primary, secondary, quiet, danger.

    `described` completes the words for those who do not see what stands around (« Modifier » *l'adresse*).
    """
    return {
        "label": label,
        "variant": variant,
        "href": href,
        "name": name,
        "value": value,
        "icon": icon,
        "trailing": trailing,
        "described": described,
    }


@register.inclusion_tag("design/components/summary_list.html")
def summary_list(rows: Iterable[SummaryRow]) -> dict[str, Any]:
    return {"rows": rows}


@register.inclusion_tag("design/components/badge.html")
def badge(label: str, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A state in words, with a shape and a colour. Tones: neutral, info, progress, success, warning, danger."""
    known = tone if tone in TONES else "neutral"
    return {"label": label, "tone": known, "icon": icon or TONES[known]}


@register.inclusion_tag("design/components/timeline.html")
def timeline(entries: Iterable[TimelineEntry]) -> dict[str, Any]:
    return {"entries": [(entry, entry.icon or TONES.get(entry.tone, "dot")) for entry in entries]}


@register.inclusion_tag("design/components/star.html")
def star(content: Star) -> dict[str, Any]:
    """The star as SVG. Beside it, a table must say the same: on a narrow screen only the table is shown."""
    return {"drawing": drawing(content)}


@register.inclusion_tag("design/components/chart.html")
def chart(content: Chart) -> dict[str, Any]:
    """Columns or lines as SVG, with their legend. Beside it, a table must say the same."""
    return {"plot": plot(content)}


@register.inclusion_tag("design/components/table.html")
def table(content: Table) -> dict[str, Any]:
    return {"table": content}


@register.inclusion_tag("design/components/pagination.html")
def pagination(pages: Pages) -> dict[str, Any]:
    return {"pages": pages}


@register.inclusion_tag("design/components/banner.html")
def banner(message: str, tone: str = "info", *, title: str = "", role: str = "") -> dict[str, Any]:
    """Words put forward. `role` is `status` for a result and `alert` for a failure that has just happened."""
    known = tone if tone in TONES else "info"
    return {"message": message, "title": title, "tone": known, "icon": TONES[known], "role": role}


@register.inclusion_tag("design/components/stepper.html")
def stepper(current: int, total: int, title: str = "") -> dict[str, Any]:
    """« Étape 2 sur 4 », with a bar that says nothing more than the words."""
    return {"current": current, "total": total, "title": title, "steps": range(1, total + 1)}


@register.inclusion_tag("design/components/nav_item.html", takes_context=True)
def nav_item(
    context: template.Context, label: str, href: str, icon: str = "", *, exact: bool = False
) -> dict[str, Any]:
    """One entry of a navigation, marked as current when the page is at or below its address."""
    path = getattr(context.get("request"), "path", "")
    here = path == href or (not exact and href != "/" and path.startswith(href))
    return {"label": label, "href": href, "icon": icon, "here": here}


@register.inclusion_tag("design/components/monogram.html")
def monogram(name: str) -> dict[str, Any]:
    """The mark of a town that has given no logo: its initial above a wave."""
    return {"initial": next((letter for letter in name if letter.isalpha()), "·").upper()}


@register.simple_tag
def email_link(address: str) -> SafeString:
    """A link to write to; a long address may break after its « @ »."""
    local, at, domain = address.partition("@")
    return format_html('<a href="mailto:{}">{}{}<wbr>{}</a>', address, local, at, domain)


@register.filter
def file_size(size: int) -> str:
    """A size in words of the eye: « 1,2 Mo »."""
    for unit, one in (("Go", 2**30), ("Mo", 2**20), ("ko", 2**10)):
        if size >= one:
            return f"{size / one:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f"\u00a0{unit}"
    return f"{size}\u00a0o"


@register.simple_tag(takes_context=True)
def theme_style(context: template.Context, owner: Any) -> SafeString:
    """The town's own colour, when its record carries one (`theme["colour"]`, `#rrggbb`) that stays readable."""
    theme = getattr(owner, "theme", None)
    colour = theme.get("colour", "") if isinstance(theme, Mapping) else ""
    if not isinstance(colour, str) or not colour:
        return SafeString("")
    try:
        light, dark = palette(colour)
    except ColourError:
        return SafeString("")
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html(
        '<style nonce="{}">:root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}</style>',
        nonce,
        mark_safe("".join(f"--{key}:{value};" for key, value in light.items())),  # noqa: S308 (hexadecimal only)
        mark_safe("".join(f"--{key}:{value};" for key, value in dark.items())),  # noqa: S308
    )
