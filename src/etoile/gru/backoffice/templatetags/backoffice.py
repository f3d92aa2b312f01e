"""What the navigation of the back-office needs to know of the person signed in."""

from django import template

from etoile.gru.access.models import Role
from etoile.gru.access.queries import has_role
from etoile.gru.backoffice import anomalies

register = template.Library()


@register.simple_tag(takes_context=True)
def anomaly_count(context: template.Context) -> int | None:
    """How many things wait for a person between the hub and us; None for whoever may not see them."""
    account = context["request"].user
    if not account.is_authenticated or not has_role(account, Role.MANAGER, Role.ADMIN):
        return None
    return anomalies.count(account.authority)
