"""What the navigation of the back-office needs to know of the person signed in. Their roles are read once a page."""

from django import template
from django.http import HttpRequest

from etoile.gru.access.models import Role
from etoile.gru.access.queries import roles_of
from etoile.gru.backoffice import anomalies

register = template.Library()


@register.simple_tag(takes_context=True)
def anomaly_count(context: template.Context) -> int | None:
    """How many things wait for a person between the hub and us; None for whoever may not see them."""
    request = context["request"]
    if not _roles(request) & {Role.MANAGER, Role.ADMIN}:
        return None
    return anomalies.count(request.user.authority)


@register.simple_tag(takes_context=True)
def is_administrator(context: template.Context) -> bool:
    return Role.ADMIN in _roles(context["request"])


def _roles(request: HttpRequest) -> set[str]:
    if not hasattr(request, "roles"):
        request.roles = roles_of(request.user)  # type: ignore[attr-defined]
    return request.roles  # type: ignore[attr-defined]
