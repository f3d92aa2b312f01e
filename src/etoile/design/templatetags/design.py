"""The components, as template tags: `{% load design %}`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from etoile.design import browsers, icons, moments
from etoile.design.calendar import Month
from etoile.design.chart import Chart, plot
from etoile.design.fields import ErrorLink, FieldView, errors_of_form, from_bound
from etoile.design.parts import TONES, Choice, Crumb, Pages, SummaryRow, Table, Task, TimelineEntry
from etoile.design.star import Star, drawing
from etoile.design.theme import Theme, theme_of

register = template.Library()


@register.filter
def day_of(written: str) -> date:
    """A day kept as ISO 8601."""
    return date.fromisoformat(written)


@register.filter
def spelled(when: date | None, pattern: str = "j F Y") -> str:
    """`moments.spelled`, in the zone in force; nothing when there is no date."""
    if not when:
        return ""
    return moments.spelled(timezone.localtime(when) if isinstance(when, datetime) else when, pattern)


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
    key: str = "",
) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given. Variants: primary, secondary, quiet, danger.

    `described` completes the words for those who do not see what stands around (« Modifier » *l'adresse*). `key`
    presses it, where `keys.js` is.
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
        "key": key,
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
    """The star as SVG, and as a list on a narrow screen. Beside the drawing, a table must say the same."""
    return {"drawing": drawing(content)}


@register.inclusion_tag("design/components/chart.html")
def chart(content: Chart) -> dict[str, Any]:
    """Columns or lines as SVG, with their legend. Beside it, a table must say the same."""
    return {"plot": plot(content)}


@register.inclusion_tag("design/components/table.html")
def table(content: Table, *, headed: bool = False) -> dict[str, Any]:
    """`headed`: a heading just above says it already; the caption is then for those who do not see."""
    return {"table": content, "headed": headed}


@register.inclusion_tag("design/components/pagination.html")
def pagination(pages: Pages) -> dict[str, Any]:
    return {"pages": pages}


@register.inclusion_tag("design/components/banner.html")
def banner(message: str, tone: str = "info", *, title: str = "", role: str = "") -> dict[str, Any]:
    """Words put forward. `role` is `status` for a result and `alert` for a failure that has just happened."""
    known = tone if tone in TONES else "info"
    return {"message": message, "title": title, "tone": known, "icon": TONES[known], "role": role}


@register.inclusion_tag("design/components/stepper.html")
def stepper(current: int, total: int, title: str = "", following: str = "") -> dict[str, Any]:
    """« Étape 2 sur 4 », what comes after it, and a bar that says nothing more than the words."""
    named = {"current": current, "total": total, "title": title, "following": following}
    return named | {"steps": range(1, total + 1)}


@register.inclusion_tag("design/components/nav_item.html", takes_context=True)
def nav_item(
    context: template.Context,
    label: str,
    href: str,
    icon: str = "",
    *,
    exact: bool = False,
    under: str = "",
    apart: str = "",
    count: int | str | None = None,
    tone: str = "",
) -> dict[str, Any]:
    """One entry of a navigation, marked as current when the page is at or below its address (`exact`: at it, or below
    `under`), unless it is below one of the addresses of `apart`, which are of another entry.

    `count`: how many wait there; nothing is shown when none does. `tone` warning puts it forward.
    """
    path = getattr(context.get("request"), "path", "")
    below = (not exact and href != "/" and path.startswith(href)) or bool(under and path.startswith(under))
    here = path == href or (below and not path.startswith(tuple(apart.split())))
    shown = {"label": label, "href": href, "icon": icon, "here": here}
    return shown | {"count": count, "tone": tone}


@register.inclusion_tag("design/components/breadcrumb.html")
def breadcrumb(*crumbs: Crumb | str) -> dict[str, Any]:
    """Where one is: what contains the page, then the page. Words and addresses in turn, the last words without one."""
    given = list(crumbs)
    if not any(isinstance(each, Crumb) for each in given):
        words = [str(each) for each in given]
        given = [Crumb(*words[at : at + 2]) for at in range(0, len(words), 2)]
    return {"crumbs": given}


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """« hier à 14 h 32 », with the full date in its title and the instant for machines; a dash when there is none."""
    return moments.written(at) if at else "–"


@register.inclusion_tag("design/components/results.html")
def results(words: str) -> dict[str, Any]:
    """How many a search has found, said to those who listen too."""
    return {"words": words}


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
def browser_name(line: str) -> str:
    return browsers.named(line)


@register.filter
def file_size(size: int) -> str:
    """A size in words of the eye: « 1,2 Mo »."""
    for unit, one in (("Go", 2**30), ("Mo", 2**20), ("ko", 2**10)):
        if size >= one:
            return f"{size / one:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f"\u00a0{unit}"
    return f"{size}\u00a0o"


@register.simple_tag
def icon_sprite() -> SafeString:
    """The drawings `icon` points to; `design/skeleton.html` has it."""
    return icons.sprite()


@register.simple_tag
def illustration(name: str) -> SafeString:
    """A drawing of our own: nothing_found, empty, lost, closed, broken, done, calm, pause; `town` is the landscape."""
    return render_to_string(f"design/illustrations/{name}.html")


@register.simple_block_tag
def empty_state(content: str, title: str, drawing: str = "empty", level: str = "h2") -> SafeString:
    """Nothing to show, said warmly, with what can be done next.

    `{% empty_state "Rien à traiter" "calm" %}<p>…</p>{% endempty_state %}`; `drawing` is the name of an illustration.
    """
    context = {"title": title, "drawing": drawing, "level": level, "content": content}
    return render_to_string("design/components/empty_state.html", context)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A window over the page, opened by `dialog_button` of the same id: modal with JavaScript, a popover without."""
    return render_to_string("design/components/dialog.html", {"id": id, "title": title, "content": content})


@register.inclusion_tag("design/components/dialog_button.html")
def dialog_button(label: str, dialog: str, *, variant: str = "secondary", icon: str = "") -> dict[str, Any]:
    return {"label": label, "dialog": dialog, "variant": variant, "icon": icon}


@register.inclusion_tag("design/components/tabs.html")
def tabs(choices: Iterable[Choice], label: str) -> dict[str, Any]:
    """A navigation between parts of the same thing: each tab is an address, or an anchor of the page."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("design/components/chips.html")
def chips(choices: Iterable[Choice], label: str) -> dict[str, Any]:
    """Filters that are addresses: the one in force is marked."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("design/components/task_list.html")
def task_list(tasks: Iterable[Task]) -> dict[str, Any]:
    """What is to do, each with how it stands."""
    return {"tasks": tasks}


@register.inclusion_tag("design/components/track.html")
def track(steps: Sequence[str], current: int) -> dict[str, Any]:
    """How far something has come: the names of its stages, in order; `current` from 1."""
    return {"steps": steps, "current": current}


@register.inclusion_tag("design/components/progress.html")
def progress(value: int, most: int, label: str) -> dict[str, Any]:
    """How much of a long work is done, in words too."""
    return {"value": value, "most": most, "label": label, "percent": round(100 * value / most) if most else 0}


@register.inclusion_tag("design/components/calendar.html")
def calendar(content: Month, label: str = "") -> dict[str, Any]:
    """A month (`etoile.design.calendar.month`); `label` completes the name of each day that can be chosen."""
    return {
        "month": content,
        "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in content.weekdays],
        "label": label,
    }


@register.inclusion_tag("design/components/card.html")
def card(
    title: str,
    href: str,
    *,
    text: str = "",
    icon: str = "",
    foot: str = "",
    foot_icon: str = "clock",
    level: str = "h2",
) -> dict[str, Any]:
    """A card that is one link; in a list, put it in `<ul class="grid"><li>`."""
    shown = {"title": title, "href": href, "text": text, "icon": icon, "foot": foot, "foot_icon": foot_icon}
    return shown | {"level": level}


@register.inclusion_tag("design/components/tile.html")
def tile(figure: str | int, words: str, *, href: str = "", tone: str = "") -> dict[str, Any]:
    """A figure and what it counts, for agents; in `<ul class="tiles"><li>`. `tone`: empty, or warning."""
    return {"figure": figure, "words": words, "href": href, "tone": tone}


@register.inclusion_tag("design/components/toast.html")
def toast(message: str, tone: str = "success", *, title: str = "") -> dict[str, Any]:
    """What has just happened, in a corner; put it inside an element whose role is `status` (or `alert`)."""
    return {"message": message, "title": title, "tone": tone, "icon": TONES.get(tone, "info")}


@register.inclusion_tag("design/components/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, Any]:
    """The place of what is still coming."""
    return {"lines": range(lines)}


@register.simple_tag
def theme(owner: Any) -> Theme:
    """The theme of an authority: `{% theme request.authority as look %}`, then `look.logo`, `look.image`."""
    return theme_of(getattr(owner, "theme", None))


@register.inclusion_tag("design/components/town_mark.html")
def town_mark(owner: Any) -> dict[str, Any]:
    """The logo of a town, or a mark of its initial if it has given none."""
    return {"logo": theme(owner).logo, "name": getattr(owner, "name", "") or "Étoile"}


@register.simple_tag(takes_context=True)
def theme_style(context: template.Context, town: Theme) -> SafeString:
    """The town's palette, when it has its own."""
    if town.palette is None:
        return SafeString("")
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html(
        '<style nonce="{}">:root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}</style>',
        nonce,
        mark_safe("".join(f"--{key}:{value};" for key, value in town.palette.light.items())),  # noqa: S308 (hexadecimal only)
        mark_safe("".join(f"--{key}:{value};" for key, value in town.palette.dark.items())),  # noqa: S308
    )
