"""A procedure told to search engines, in schema.org's words (GovernmentService)."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from etoile.gru.access.models import Authority, Team
from etoile.gru.forms.definition import Definition
from etoile.gru.portal.themes import AUDIENCES

# The three characters that could close the element or open another one.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def government_service(definition: Definition, authority: Authority, team: Team, address: str) -> SafeString:
    """The content of a `<script type="application/ld+json">`, safe to print there."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": str(definition.title),
        "description": str(definition.summary),
        "url": address,
        "serviceType": definition.category,
        "provider": {
            "@type": "GovernmentOrganization",
            "name": authority.name,
            "telephone": authority.phone,
            "email": authority.email,
        },
        "availableChannel": [
            {"@type": "ServiceChannel", "serviceUrl": address},
            {
                "@type": "ServiceChannel",
                "name": team.name,
                "servicePhone": {"@type": "ContactPoint", "telephone": team.phone} if team.phone else "",
                "serviceLocation": {"@type": "Place", "address": team.address} if team.address else "",
            },
        ],
        "audience": [
            {"@type": "Audience", "audienceType": str(AUDIENCES[each])}
            for each in definition.audience
            if each in AUDIENCES
        ],
        "areaServed": authority.city or authority.name,
    }
    written = json.dumps(_filled(data), ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(written)  # noqa: S308 (escaped above)


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items() if each not in ("", None)}
    return [_filled(each) for each in value] if isinstance(value, list) else value
