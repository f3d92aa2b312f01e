"""The only writer of the catalogue: it follows the schemas of the contract, nobody edits it."""

import re
from typing import Any

from etoile.contract.schemas import MESSAGE_TYPES, schema
from etoile.hub.catalogue.models import MessageType

VERSION = re.compile(r"\.v(\d+)$")


def synchronise(using: str = "default") -> None:
    """Make the rows match the schemas of this release. A type gone from the contract is kept, no longer in force."""
    for name in MESSAGE_TYPES:
        MessageType.objects.using(using).update_or_create(type=name, defaults=_described(name))
    MessageType.objects.using(using).exclude(type__in=list(MESSAGE_TYPES)).update(in_force=False)


def _described(name: str) -> dict[str, Any]:
    body = schema(name)
    version = VERSION.search(name)
    title = body.get("title", name)
    titles = title if isinstance(title, dict) else {"fr": title, "en": body.get("x-title-en", title)}
    return {
        "version": int(version.group(1)) if version else 1,
        "title_fr": titles["fr"],
        "title_en": titles["en"],
        "in_force": True,
    }
