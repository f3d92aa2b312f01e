"""What every page's footer says of accessibility, portal and agents' pages alike.

Printed by `design/components/accessibility_links.html`.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from etoile.gru.access.models import Product
from etoile.gru.access.statements import standing_of

# Parts of an address that are secret or name somebody's file: a report says which page, never whose.
SAID = {"slug", "page"}


def accessibility(request: HttpRequest) -> dict[str, Any]:
    """`accessibility`: the mention in force, the address of the statement and the one where a defect is reported."""
    product = Product.BACKOFFICE if request.path.startswith("/agents/") else Product.PORTAL
    standing = standing_of(getattr(request, "authority", None), product)
    return {
        "accessibility": {
            "mention": standing.mention,
            "href": reverse(f"{product}:accessibility"),
            "report_href": f"{reverse('portal:report')}?{urlencode({'page': page_of(request)})}",
        }
    }


def page_of(request: HttpRequest) -> str:
    """The address of the page as it may be written in a report: `/suivi/…/`."""
    path = request.path
    found = getattr(request, "resolver_match", None)
    for name, value in (found.kwargs if found is not None else {}).items():
        if name not in SAID:
            path = path.replace(str(value), "…")
    return path
