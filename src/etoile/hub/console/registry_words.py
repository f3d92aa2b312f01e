"""The registry in the words of those who set it up: what is wrong with a setting, what a change changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.hub.registry.changes import different
from etoile.hub.registry.models import Change

KINDS = {
    "application": gettext_lazy("Application"),
    "subscription": gettext_lazy("Abonnement"),
    "credential": gettext_lazy("Accès à l’API"),
    "operator": gettext_lazy("Compte"),
    "authority": gettext_lazy("Collectivité"),
    "lookup": gettext_lazy("Consultation"),
}
FACTS = {
    "title": gettext_lazy("Titre"),
    "instead": gettext_lazy("À demander à la place"),
    "timeout": gettext_lazy("Délai de réponse"),
    "cache_seconds": gettext_lazy("Réponse gardée (secondes)"),
    "stale_seconds": gettext_lazy("Puis, si personne ne répond (secondes)"),
    "purposes": gettext_lazy("Finalités"),
    "readers": gettext_lazy("Qui peut demander"),
    "query": gettext_lazy("Forme de la question"),
    "answer": gettext_lazy("Forme de la réponse"),
    "providers": gettext_lazy("Fournisseurs"),
    "name": gettext_lazy("Nom"),
    "slug": gettext_lazy("Nom court"),
    "vendor": gettext_lazy("Éditeur"),
    "domain": gettext_lazy("Domaine"),
    "sector": gettext_lazy("Secteur"),
    "environment": gettext_lazy("Environnement"),
    "owner": gettext_lazy("Responsable"),
    "contact": gettext_lazy("Contact"),
    "answerable": gettext_lazy("Répond du connecteur"),
    "authorities": gettext_lazy("Collectivités"),
    "document_base_url": gettext_lazy("Adresse des documents"),
    "document_secret": gettext_lazy("Secret des documents"),
    "is_active": gettext_lazy("En service"),
    "emits": gettext_lazy("Émet"),
    "receives": gettext_lazy("Reçoit"),
    "application": gettext_lazy("Application"),
    "type": gettext_lazy("Type de message"),
    "filter": gettext_lazy("Filtre"),
    "fields": gettext_lazy("Champs transmis"),
    "mapping": gettext_lazy("Correspondance"),
    "connector": gettext_lazy("Connecteur"),
    "configuration": gettext_lazy("Réglages du connecteur"),
    "secrets": gettext_lazy("Secrets"),
    "secrets_replaced": gettext_lazy("Secrets remplacés"),
    "policy": gettext_lazy("Règles d’envoi"),
    "active": gettext_lazy("Actif"),
    "ordered": gettext_lazy("Dans l’ordre"),
    "scopes": gettext_lazy("Portées"),
    "expires_at": gettext_lazy("Expire"),
    "operation": gettext_lazy("Exploite le hub"),
    "role": gettext_lazy("Rôle"),
}
# The rules of delivery of a subscription, which have no titles of their own.
SETTINGS = {
    "delays": gettext_lazy("Temps avant chaque essai (secondes)"),
    "timeout": gettext_lazy("Temps laissé à l’application pour répondre (secondes)"),
    "concurrency": gettext_lazy("Appels à la fois, par processus"),
    "lease": gettext_lazy("Temps après lequel un envoi interrompu est repris (secondes)"),
    "rate": gettext_lazy("Appels par seconde, au plus"),
    "circuit": gettext_lazy("Disjoncteur : quand cesser d’appeler une application en panne"),
    "failures": gettext_lazy("Échecs de suite avant de couper (0 : jamais)"),
    "pause": gettext_lazy("Première pause avant de réessayer (secondes)"),
    "longest": gettext_lazy("Pause la plus longue (secondes)"),
}
# What pydantic says of a value, by the kind of its errors: https://docs.pydantic.dev/latest/errors/validation_errors/
WRONG = {
    "missing": gettext_lazy("Remplissez ce champ."),
    "string_pattern_mismatch": gettext_lazy("Ce n’est pas écrit comme attendu."),
    "string_too_short": gettext_lazy("Remplissez ce champ."),
    "float_parsing": gettext_lazy("Écrivez un nombre, par exemple 15."),
    "int_parsing": gettext_lazy("Écrivez un nombre entier, par exemple 8."),
    "bool_parsing": gettext_lazy("Choisissez oui ou non."),
    "extra_forbidden": gettext_lazy("Ce réglage n’existe pas."),
    "union_tag_invalid": gettext_lazy("Choisissez une des manières proposées."),
    "literal_error": gettext_lazy("Choisissez une des valeurs proposées."),
    "too_short": gettext_lazy("Il en faut au moins un."),
}


def of_setting(error: Mapping[str, Any]) -> str:
    """What is wrong with a setting, in French (English on an English screen), from an error of pydantic."""
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in WRONG:
        return str(WRONG[kind])
    if kind in ("greater_than", "greater_than_equal"):
        return _("Il faut au moins %(bound)s.") % {"bound": context.get("ge", context.get("gt"))}
    if kind in ("less_than", "less_than_equal"):
        return _("Il faut au plus %(bound)s.") % {"bound": context.get("le", context.get("lt"))}
    if kind == "string_too_long":
        return _("%(max)s caractères au plus.") % {"max": context.get("max_length")}
    return str(error["msg"]).removeprefix("Value error, ")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that a change changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words, with what differs."""

    change: Change
    title: str
    differences: Sequence[Difference]


def history(found: Sequence[Change]) -> list[Told]:
    return [_told(change) for change in found]


def _told(change: Change) -> Told:
    kind = str(KINDS.get(change.kind, change.kind))
    title = _("%(kind)s %(name)s : création") if change.before is None else _("%(kind)s %(name)s : changement")
    names = different(change.before, change.after) if change.before is not None else []
    before, after = change.before or {}, change.after or {}
    differences = [
        Difference(str(FACTS.get(name, name)), shown(before.get(name)), shown(after.get(name))) for name in names
    ]
    return Told(change, title % {"kind": kind, "name": change.name}, differences)


def shown(value: Any) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return "–"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return ", ".join(str(each) for each in value)
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, indent=2)
