"""The words of a procedure in the place of the usual ones: which notices take them, which tags they may hold.

A tag never gives the content of a file: a mail is read by others than its reader.
"""

import re
from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.design.moments import spelled

COMMON: dict[str, str | Promise] = {
    "reference": _("la référence de la demande"),
    "procedure": _("le nom de la démarche"),
    "service": _("le service chargé de la demande"),
    "authority": _("le nom de la collectivité"),
}
DEADLINE: dict[str, str | Promise] = {"deadline": _("la date limite pour envoyer les pièces")}

# The notices a person receives, in the order in which they do, and the tags that each may hold.
NOTICES: dict[str, Mapping[str, str | Promise]] = {
    "registration_receipt": COMMON,
    "document_asked": {**COMMON, **DEADLINE},
    "document_received": COMMON,
    "status_changed": COMMON,
    "message_received": COMMON,
    "reminder": COMMON,
    "decision": COMMON,
}
NAMES: dict[str, str | Promise] = {
    "registration_receipt": _("La demande est enregistrée"),
    "document_asked": _("Des pièces sont attendues"),
    "document_received": _("Les pièces sont arrivées"),
    "status_changed": _("La demande avance"),
    "message_received": _("Un message attend la personne"),
    "reminder": _("La demande attend la personne"),
    "decision": _("La demande a reçu une réponse"),
}
_TAG = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown_tags(template: str, words: str) -> list[str]:
    """The tags of these words that this notice does not have; a brace left alone is one."""
    return unknown(words, NOTICES.get(template, {}))


def unknown(words: str, known: Container[str]) -> list[str]:
    """The tags of these words that are not `known`; a brace left alone is one."""
    found = [name for name in _TAG.findall(words) if name not in known]
    return [*found, *(brace for brace in ("{{", "}}") if brace in _TAG.sub("", words))]


def filled(words: str, context: Mapping[str, Any]) -> str:
    """The words with each tag replaced, in the active language; a tag without a value says nothing."""
    return _TAG.sub(lambda found: _value(found[1], context), words)


def _value(name: str, context: Mapping[str, Any]) -> str:
    value = context.get(name, "")
    if isinstance(value, Mapping):
        return said(value)
    if name in DEADLINE and value:
        return spelled(date.fromisoformat(str(value)))
    return str(value)


def said(words: Mapping[str, str]) -> str:
    """Words by language, in the active one; in French where it is missing."""
    language = (translation.get_language() or "fr")[:2]
    return words.get(language) or words.get("fr", "")
