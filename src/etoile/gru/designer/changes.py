"""The differences between two versions, in the words of who reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.designer import durations
from etoile.gru.forms.comparison import ADDED, CHANGED, MOVED, PROCEDURE, REMOVED, Detail, Difference
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sentences import sentence
from etoile.gru.forms.texts import Text
from etoile.gru.notices import tags

HOW: dict[str, tuple[str | Promise, str]] = {
    ADDED: (gettext_lazy("ajouté"), "success"),
    REMOVED: (gettext_lazy("retiré"), "danger"),
    CHANGED: (gettext_lazy("modifié"), "info"),
    MOVED: (gettext_lazy("déplacé"), "neutral"),
}
KINDS: dict[str, str | Promise] = {
    "page": gettext_lazy("Page"),
    "section": gettext_lazy("Partie"),
    "field": gettext_lazy("Question"),
    "document": gettext_lazy("Pièce"),
    "declaration": gettext_lazy("Engagement"),
    "ineligible": gettext_lazy("Demande impossible"),
    PROCEDURE: gettext_lazy("La démarche"),
}
# The name of each property; those of settings are found by their last part, else they keep their own name.
KEYS: dict[str, str | Promise] = {
    "title": gettext_lazy("Titre"),
    "label": gettext_lazy("Libellé"),
    "hint": gettext_lazy("Aide"),
    "purpose": gettext_lazy("Finalité"),
    "explanation": gettext_lazy("Explication"),
    "message": gettext_lazy("Message"),
    "required": gettext_lazy("Obligatoire"),
    "required_when": gettext_lazy("Obligatoire si"),
    "visible_when": gettext_lazy("Afficher si"),
    "when": gettext_lazy("Condition"),
    "type": gettext_lazy("Sorte de réponse"),
    "options": gettext_lazy("Réponses proposées"),
    "privacy": gettext_lazy("Confidentialité"),
    "document": gettext_lazy("Pièce demandée"),
    "indispensable": gettext_lazy("Indispensable"),
    "settings.minimum": gettext_lazy("Minimum"),
    "settings.maximum": gettext_lazy("Maximum"),
    "settings.formula": gettext_lazy("Calcul"),
    "summary": gettext_lazy("Résumé"),
    "who": gettext_lazy("Qui peut demander"),
    "cost": gettext_lazy("Coût"),
    "delay": gettext_lazy("Délai"),
    "steps": gettext_lazy("Étapes"),
    "confirmation": gettext_lazy("Suite donnée, dite sur l’accusé"),
    "non_digital": gettext_lazy("Autre façon de demander"),
    "category": gettext_lazy("Catégorie"),
    "audience": gettext_lazy("Public"),
    "keywords": gettext_lazy("Mots de recherche"),
    "team": gettext_lazy("Service"),
    "treatment": gettext_lazy("Qui traite"),
    "feedback_link": gettext_lazy("Lien vers « Je donne mon avis »"),
    "identity": gettext_lazy("Identité demandée"),
    "discreet": gettext_lazy("Démarche tue dans les courriels"),
    "routing": gettext_lazy("Orientations"),
    "price.rules": gettext_lazy("Prix"),
    "workflow.transitions": gettext_lazy("Étapes et échéances"),
    "legal": gettext_lazy("Textes applicables"),
    "answer_within": gettext_lazy("Promesse de réponse"),
    "silence.regime": gettext_lazy("Silence"),
    "silence.duration": gettext_lazy("Délai du silence"),
    "silence.basis": gettext_lazy("Texte du silence"),
    "register.purpose": gettext_lazy("Registre : finalité"),
    "register.basis": gettext_lazy("Registre : base légale"),
    "register.basis_reference": gettext_lazy("Registre : texte fondateur"),
    "register.persons": gettext_lazy("Registre : personnes"),
    "register.data": gettext_lazy("Registre : données"),
    "register.recipients": gettext_lazy("Registre : destinataires"),
    "register.security": gettext_lazy("Registre : sécurité"),
    "register.retention.active": gettext_lazy("Conservation : base active"),
    "register.retention.intermediate": gettext_lazy("Conservation : archivage intermédiaire"),
    "register.retention.basis": gettext_lazy("Conservation : texte"),
    "register.retention.final_fate": gettext_lazy("Conservation : sort final"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One element that changed: `details` are (property, before, after), each before and after in lines."""

    kind: str
    name: str
    how: str
    tone: str
    details: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()


def lines(found: tuple[Difference, ...] | list[Difference], before: Definition, after: Definition) -> list[Line]:
    names = {each.id: each for definition in (before, after) for each in definition.every_field()}
    return [_line(each, names) for each in found]


def _line(each: Difference, names: Mapping[str, Field]) -> Line:
    how, tone = HOW[each.how]
    said = each.node.get("label") or each.node.get("title") or each.node.get("message")
    name = "" if each.kind == PROCEDURE else str(Text.of(said)) or _("sans titre")
    details = tuple((_key(detail.key), *_sides(detail, names)) for detail in each.details)
    return Line(str(KINDS.get(each.kind, each.kind)), name, str(how), tone, details)


def _key(key: str) -> str:
    if key in KEYS:
        return str(KEYS[key])
    if key.startswith("messages."):
        template, _dot, part = key.removeprefix("messages.").partition(".")
        said = {"name": tags.NAMES.get(template, template)}
        return _("Objet du message « %(name)s »") % said if part == "subject" else _("Message « %(name)s »") % said
    return key.removeprefix("settings.").replace("_", " ").capitalize()


def _sides(detail: Detail, names: Mapping[str, Field]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(_said(detail.key, detail.before, names)), tuple(_said(detail.key, detail.after, names))


def _said(key: str, value: Any, names: Mapping[str, Field]) -> Iterator[str]:
    """A value as one reads it, in lines; nothing for what is absent."""
    if value is None:
        return
    if key == "type" and value in TYPES:
        yield str(TYPES[value].label)
    elif isinstance(value, bool):
        yield _("oui") if value else _("non")
    elif isinstance(value, Mapping):
        yield from _mapping(value, names)
    elif isinstance(value, list):
        for each in value:
            yield " – ".join(_said("", each, names))
    else:
        yield durations.said(str(value)) or str(value)


def _mapping(value: Mapping[str, Any], names: Mapping[str, Field]) -> Iterator[str]:
    if {"all", "any", "not", "op"} & set(value):
        yield sentence(value, names)
    elif "fr" in value:
        # Each language is a text of its own: a translation that changes is a change.
        yield str(value["fr"])
        yield from (f"{code} : {words}" for code, words in sorted(value.items()) if code != "fr")
    else:
        for inside in value.values():
            yield from _said("", inside, names)
