from django import template

from etoile.gru.access.models import Authority
from etoile.gru.portal import accessibility

register = template.Library()


@register.simple_tag
def accessibility_mention(authority: Authority | None) -> str:
    """The mention the law wants on the home page, printed on all: exactly one of three."""
    statement = accessibility.of(authority) if authority is not None else accessibility.Statement()
    return str(statement.mention)
