"""The icons, drawn for Étoile (AGPL-3.0-or-later, as the rest) on a grid of 24 with a stroke of 1.75.

They are one SVG sprite inside each page, so they cost no request and each drawing is sent once.
"""

from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_DRAWINGS: dict[str, str] = {
    "arrow-right": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "arrow-left": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "arrow-up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "arrow-down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "branch": '<path d="M6 4v16M6 14c0-4 12-1 12-7M18 4l-3 3.5M18 4l3 3.5"/>',
    "copy": '<rect x="8.5" y="8.5" width="11.5" height="12" rx="2"/><path d="M15.5 8.5V4H4v12h4.5"/>',
    "undo": '<path d="M8.5 5L4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11H9"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2.5"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "cross": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
    "document": '<path d="M7 3.5h7l4.5 4.5v12.5H7z"/><path d="M14 3.5V8h4.5M10 12.5h5.5M10 16h5.5"/>',
    "dot": '<circle cx="12" cy="12" r="3.5"/>',
    "family": '<circle cx="8" cy="7" r="3"/><circle cx="16.5" cy="9.5" r="2.3"/>'
    '<path d="M2.8 20v-2.5a5.2 5.2 0 0 1 10.4 0V20M13.6 20v-1.6a3.8 3.8 0 0 1 7.6 0V20"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M3.5 12h17M12 3.5c5 5.2 5 11.8 0 17M12 3.5c-5 5.2-5 11.8 0 17"/>',
    "hall": '<path d="M3.5 20.5h17M5.5 20.5v-9M10 20.5v-9M14 20.5v-9M18.5 20.5v-9M3.5 11.5h17L12 4z"/>',
    "home": '<path d="M4 11l8-7 8 7v9h-5.5v-5.5h-5V20H4z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "link": '<path d="M10 14l8.5-8.5M12.5 5.5h6v6M16 14.5v4.5H5V8h4.5"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2.5"/><path d="M4.5 7.5L12 13l7.5-5.5"/>',
    "message": '<path d="M4 5h16v11H11l-4.5 4v-4H4z"/>',
    "people": '<circle cx="12" cy="8" r="3.5"/><path d="M5 20.5v-1.5a7 7 0 0 1 14 0v1.5"/>',
    "phone": '<path d="M6 3.5h3.5l1.5 4.5-2.3 1.7a12 12 0 0 0 5.6 5.6L16 13l4.5 1.5V18a2.5 2.5 0 0 1-2.7 2.5'
    'A15.5 15.5 0 0 1 3.5 6.2 2.5 2.5 0 0 1 6 3.5z"/>',
    "pin": '<path d="M12 21c4.5-5 6.5-8.2 6.5-11a6.5 6.5 0 0 0-13 0c0 2.8 2 6 6.5 11z"/>'
    '<circle cx="12" cy="10" r="2.4"/>',
    "print": '<path d="M7 8.5v-5h10v5M7 17H4V8.5h16V17h-3"/><path d="M7 14h10v6.5H7z"/>',
    "road": '<path d="M8 3.5L4 20.5M16 3.5l4 17M12 4v3M12 10.5v3M12 17v3.5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
    "ticket": '<path d="M3.5 7h17v3.3a1.8 1.8 0 0 0 0 3.5V17h-17v-3.2a1.8 1.8 0 0 0 0-3.5z"/><path d="M14 7.5v9"/>',
    "upload": '<path d="M12 16V4.5M7 9l5-5 5 5M4 15.5v5h16v-5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "warning": '<path d="M12 3.5L21.5 20h-19z"/><path d="M12 10v4.5M12 17.2v.2"/>',
    "list": '<path d="M8.5 6.5h11.5M8.5 12h11.5M8.5 17.5h11.5M4 6.5h.2M4 12h.2M4 17.5h.2"/>',
    "chart": '<path d="M4 4v16h16M8.5 16v-4M12.5 16V8M16.5 16v-6"/>',
    "settings": '<circle cx="12" cy="12" r="3"/><path d="M12 3v3.5M12 17.5V21M3 12h3.5M17.5 12H21M5.6 5.6l2.5 2.5'
    'M15.9 15.9l2.5 2.5M18.4 5.6l-2.5 2.5M8.1 15.9l-2.5 2.5"/>',
    "star": '<path d="M12 2.5l2.2 7.3 7.3 2.2-7.3 2.2L12 21.5l-2.2-7.3L2.5 12l7.3-2.2z"/>',
    "send": '<path d="M3.5 11.5l17-8-6 17-3.5-6.5z"/><path d="M11 14l4-4.5"/>',
    "retry": '<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4.2h-4.2"/>',
    "plug": '<path d="M9 3.5V8M15 3.5V8M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5v3.5"/>',
    "pause": '<path d="M9 6v12M15 6v12"/>',
    "cut": '<path d="M3 12h5.5M15.5 12H21M9.5 17l5-10"/>',
    "silent": '<path d="M6.5 16.5V11a5.5 5.5 0 0 1 8.5-4.6M17.5 10.5v6H8M10.3 19.7h3.4M4 4l16 16"/>',
    "bell": '<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5zM4.5 16.5h15M10.3 19.7h3.4M12 3.5v2"/>',
    "seal": '<path d="M12 3l7 2.8v5.4c0 4.6-2.9 7.9-7 9.8-4.1-1.9-7-5.2-7-9.8V5.8z"/>'
    '<path d="M8.6 12l2.4 2.4 4.4-4.8"/>',
    "scales": '<path d="M12 4v16M8 20h8M5 7.5h14M5.5 7.5L3 13.5h5zM18.5 7.5L16 13.5h5z"/>',
    "tray": '<path d="M4 13.5L6.5 5h11l2.5 8.5v6H4zM4 13.5h4.7l1.5 2.5h3.6l1.5-2.5H20"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "edit": '<path d="M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5"/>',
    "bin": '<path d="M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13.5h9L17.5 7M10 10.5v6.5M14 10.5v6.5"/>',
    "download": '<path d="M12 4v11.5M7 10.5l5 5 5-5M4 16v4.5h16V16"/>',
    "eye": '<path d="M2.5 12c4.5-8 14.5-8 19 0-4.5 8-14.5 8-19 0z"/><circle cx="12" cy="12" r="3"/>',
    "tag": '<path d="M4 4.5h7.5l8.5 8.5-7 7-9-9z"/><circle cx="8.3" cy="8.8" r="1.3"/>',
    "filter": '<path d="M4 6.5h16M7 12h10M10 17.5h4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "heart": '<path d="M12 20C5 15.5 3.5 12 3.5 9a4.3 4.3 0 0 1 8.5-1.2A4.3 4.3 0 0 1 20.5 9c0 3-1.5 6.5-8.5 11z"/>',
    "help": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M9.5 9.7a2.6 2.6 0 1 1 3.7 2.3c-.8.4-1.2.9-1.2 1.8M12 16.8v.2"/>',
    "leaf": '<path d="M5 19c-1-9 5-14.5 15-14.5 0 10-5.5 16-14.5 14.5zM5 19.5c2-5 5-7.5 9-9"/>',
    "school": '<path d="M12 4L2.5 9 12 14l9.5-5zM6.5 11.5V17c3 2.7 8 2.7 11 0v-5.5M21.5 9v6"/>',
    "briefcase": '<rect x="3.5" y="8" width="17" height="12" rx="2.5"/><path d="M9 8V5h6v3M3.5 13h17"/>',
    "car": '<path d="M4 16.5v-4l2-6h12l2 6v4zM4 12.5h16M6.5 16.5v2.5M17.5 16.5v2.5"/>',
    "euro": '<path d="M18 6.5A7 7 0 1 0 18 17.5M4 10.5h9.5M4 13.5h8.5"/>',
    "house-plan": '<path d="M3.5 20.5V10L9 6v14.5M9 10h11.5v10.5h-17M13 14h3.5"/>',
}

NAMES = frozenset(_DRAWINGS)


def draw(name: str, css_class: str = "icon") -> SafeString:
    """The icon as an SVG hidden from screen readers: an icon never speaks alone, words stand beside it.

    It points into the sprite, which `design/skeleton.html` puts at the top of each page.
    """
    if name not in NAMES:
        raise KeyError(f"no icon is named {name!r}; see etoile.design.icons")
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', css_class, name
    )


@cache
def sprite() -> SafeString:
    """Every drawing once, to be put inside a page."""
    symbols = format_html_join(
        "", '<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>', ((name, strokes(name)) for name in _DRAWINGS)
    )
    return format_html('<svg class="sprite" aria-hidden="true" focusable="false">{}</svg>', symbols)


def strokes(name: str) -> SafeString:
    """The drawing alone, on its grid of 24, to be put inside another one."""
    return mark_safe(_DRAWINGS[name])  # noqa: S308 (constants of this file)
