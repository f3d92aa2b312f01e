"""An answer chosen in a reference table, by its words.

The server alone reads tables. What it read is a `Chosen`; whatever else claims to be a row is only a key to look for.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part
from etoile.gru.forms.texts import plain

# Not names of columns that an answer may keep: it has these already.
RESERVED = ("key", "label", "searched", "words")


class Chosen(dict[str, Any]):
    """A row as the server has just read it: `{key, label}`, the columns that the field keeps, and while the form is
    filled, the words that were `searched`."""


def asked_of(raw: Any) -> tuple[str | None, str | None]:
    """The key to look for, and the words typed. A key chosen among the answers to other words no longer counts."""
    if isinstance(raw, str):
        return cleaned_text(raw), None
    key, words = cleaned_text(part(raw, "key")), cleaned_text(part(raw, "words"))
    if words and plain(words) != plain(cleaned_text(part(raw, "searched")) or ""):
        return None, words
    return key, words


def searched_of(raw: Any) -> str:
    """The words by which a row was found, to show the same ones again."""
    return cleaned_text(part(raw, "words")) or cleaned_text(part(raw, "searched")) or ""


class Reference(FieldType):
    """`{key, label, <column kept>…}`; a condition compares the key. Settings: `table` (its slug), `keep` (columns that
    go with the answer), `display` (`list` to show a short table whole, `search`)."""

    name = "reference"
    label = gettext_lazy("Choix dans une table de référence")
    family = "choice"
    widget = "reference"
    parts: tuple[str, ...] = ("key", "words", "searched")
    format = gettext_lazy("une ligne de la liste")
    settings = {"table": str, "keep": list, "display": str, "example": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> Any:
        """A row that was read; else what was typed, `{words}`, or the key that no row has, `{key}`."""
        if isinstance(raw, Chosen):
            return raw
        key, words = asked_of(raw)
        return {"key": key} if key else {"words": words} if words else None

    def check(self, value: Any, field: Field) -> str | None:
        if isinstance(value, Chosen):
            return None
        if value.get("words"):
            return self.wrong(field, _("choisissez une réponse parmi celles qui sont proposées."))
        return self.wrong(field, _("cette réponse n’est pas, ou plus, dans la liste."))

    def missing(self, field: Field) -> str:
        said = _("« %(label)s » : écrivez quelques lettres, puis choisissez dans la liste. %(help)s")
        return said % {"label": field.label, "help": self.guidance(field)}

    def guidance(self, field: Field) -> str:
        example = self.shown_example(field)
        return _("Exemple : %(example)s.") % {"example": example} if example else ""

    def wrong(self, field: Field, reason: str) -> str:
        return super().wrong(field, reason).strip()

    def kept(self, field: Field) -> tuple[str, ...]:
        """The columns that go with the answer."""
        return tuple(str(name) for name in field.settings.get("keep", ()))

    def summary(self, value: Any, field: Field) -> str:
        return str(value.get("label") or value.get("words") or "") if isinstance(value, Mapping) else ""

    def submitted(self, value: Any, field: Field) -> Any:
        """What the request keeps: not the words by which the row was found."""
        return {name: cell for name, cell in value.items() if name != "searched"}

    def schema(self, field: Field) -> dict[str, Any]:
        names = ("key", "label", *self.kept(field))
        return {
            "type": "object",
            "properties": {name: {"type": "string"} for name in names},
            "required": ["key", "label"],
            "additionalProperties": False,
        }

    def unfinished(self, field: Field) -> list[str]:
        return [] if field.settings.get("table") else ["il manque la table de référence (settings.table)"]

    def accepted(self, field: Field) -> dict[str, Any]:
        """The key is enough: the server reads the rest."""
        key = {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}
        return {"anyOf": [{"type": "string"}, key]}

    def inconsistencies(self, field: Field) -> list[str]:
        found = []
        if not all(isinstance(each, str) and each not in RESERVED for each in field.settings.get("keep", ())):
            found.append("« keep » est une liste de colonnes")
        if field.settings.get("display", "search") not in ("list", "search"):
            found.append("« display » vaut list ou search")
        return found


TYPE = Reference()
