"""Lists that follow one another, each shorter for what was chosen before it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_text, part
from etoile.gru.forms.fields.reference import RESERVED, Chosen, Reference


class Linked(Reference):
    """Lists that follow one another, each shorter for what was chosen before. Settings: `table`, `levels` (columns),
    `labels` (the words of each list). The value is the row's, with its levels: `{key, label, marque, modele}`."""

    name = "linked"
    label = gettext_lazy("Listes liées")
    widget = "linked"
    parts = ()
    format = gettext_lazy("un choix dans chaque liste")
    settings = {"table": str, "keep": list, "levels": list, "labels": list, "example": (str, dict)}

    def levels(self, field: Field) -> tuple[str, ...]:
        return tuple(str(name) for name in field.settings.get("levels", ()))

    def kept(self, field: Field) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.levels(field), *super().kept(field))))

    def read(self, data: Any, field: Field) -> Any:
        return {name: data.get(f"{field.id}.{name}") for name in self.levels(field)}

    def normalise(self, raw: Any, field: Field) -> Any:
        """A row that was read; else the levels chosen so far, without those that follow an empty one."""
        if isinstance(raw, Chosen):
            return raw
        chosen: dict[str, str] = {}
        for name in self.levels(field):
            value = cleaned_text(part(raw, name))
            if value is None:
                break
            chosen[name] = value
        return chosen or None

    def check(self, value: Any, field: Field) -> str | None:
        if isinstance(value, Chosen):
            return None
        if len(value) < len(self.levels(field)):
            return self.wrong(field, _("il reste un choix à faire."))
        return self.wrong(field, _("ces choix ne vont pas, ou plus, ensemble."))

    def missing(self, field: Field) -> str:
        said = _("« %(label)s » : choisissez dans chaque liste. %(help)s")
        return (said % {"label": field.label, "help": self.guidance(field)}).strip()

    def accepted(self, field: Field) -> dict[str, Any]:
        """A text for each level."""
        names = list(self.levels(field))
        return {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": names}

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, Mapping):
            return ""
        return ", ".join(str(value[name]) for name in self.levels(field) if value.get(name))

    def unfinished(self, field: Field) -> list[str]:
        few = len(self.levels(field)) < 2
        return super().unfinished(field) + (["il manque les colonnes des listes (settings.levels)"] if few else [])

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        levels, labels = field.settings.get("levels", []), field.settings.get("labels", [])
        if len(levels) > 5 or not all(isinstance(each, str) and each not in RESERVED for each in levels):
            found.append("« levels » est une liste de deux à cinq colonnes, la plus large d'abord")
        if labels and len(labels) != len(levels):
            found.append("« labels » donne un libellé à chaque liste")
        return found


TYPE = Linked()
