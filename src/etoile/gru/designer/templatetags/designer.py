"""What the frame of a procedure's pages shows beside them: its parts, and its outline."""

from typing import Any

from django import template

from etoile.gru.designer import navigation
from etoile.gru.designer.desk import Desk
from etoile.gru.designer.outline import outline
from etoile.gru.forms.editing.words import named

register = template.Library()
register.filter("named", named)


@register.inclusion_tag("designer/_side.html", takes_context=True)
def procedure_side(context: template.Context, desk: Desk, here: str = "", with_outline: bool = True) -> dict[str, Any]:
    """The parts of a procedure; with its outline below, where `here` is the anchor of what is being edited."""
    entries = navigation.entries(desk.slug, context["request"].path)
    # Beside anything else than a page or a question, the outline would only be long.
    beside = with_outline and any(part.route == "outline" and current for part, _href, current in entries)
    pages = outline(desk.definition, desk.slug) if beside else ()
    return {"entries": entries, "pages": pages, "here": here, "desk": desk}
