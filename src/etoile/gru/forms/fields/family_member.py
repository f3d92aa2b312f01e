from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import date, given_names, name
from etoile.gru.forms.fields.base import FieldType, part
from etoile.gru.forms.fields.date import PIECES, in_words
from etoile.gru.forms.texts import NOTHING

RELATIONS = {
    "child": gettext_lazy("Enfant"),
    "ward": gettext_lazy("Enfant dont vous avez la garde"),
    "spouse": gettext_lazy("Conjoint ou partenaire"),
    "parent": gettext_lazy("Parent"),
    "other": gettext_lazy("Autre"),
}


class FamilyMember(FieldType):
    """`{given_names, family_name, birth_date, relation?}`: someone of the household the request is about.

    Settings: `relations`, those that may be chosen; a single one is not asked.
    """

    name = "family_member"
    label = gettext_lazy("Membre de la famille")
    family = "person"
    widget = "family_member"
    parts = ("given_names", "family_name", "birth_date", "relation")
    format = gettext_lazy("prénoms, nom, date de naissance et lien avec vous")
    example = "Alix Martin, 24 08 2018, enfant"
    settings = {"relations": list, "example": (str, dict)}

    def relations(self, field: Field) -> tuple[str, ...]:
        return tuple(field.settings.get("relations", RELATIONS))

    def read(self, data: Any, field: Field) -> Any:
        whole = super().read(data, field)
        born = f"{field.id}.birth_date"
        return {**whole, "birth_date": whole["birth_date"] or {each: data.get(f"{born}.{each}") for each in PIECES}}

    def normalise(self, raw: Any, field: Field) -> Any:
        found = {
            "given_names": given_names.TYPE.normalise(part(raw, "given_names"), field) or "",
            "family_name": name.TYPE.normalise(part(raw, "family_name"), field) or "",
            "birth_date": date.TYPE.day(part(raw, "birth_date")) or "",
        }
        known, relation = self.relations(field), part(raw, "relation")
        if not any(found.values()):
            return None
        chosen = relation if isinstance(relation, str) and relation else known[0] if len(known) == 1 else ""
        return {**found, "relation": chosen} if chosen else found

    def check(self, value: Any, field: Field) -> str | None:
        if not value["given_names"] or given_names.TYPE.check(value["given_names"], field):
            return self.wrong(field, _("les prénoms manquent ou ne sont pas valables."))
        if not value["family_name"] or name.TYPE.check(value["family_name"], field):
            return self.wrong(field, _("le nom manque ou n’est pas valable."))
        if date.TYPE.unreadable(value["birth_date"]) or date.TYPE.within(value["birth_date"], _BORN):
            return self.wrong(field, _("la date de naissance n’est pas valable."))
        if value.get("relation") not in self.relations(field):
            return self.wrong(field, _("choisissez le lien avec vous."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, dict):
            return ""
        names = f"{value['given_names']} {value['family_name']}".strip()
        born = _("né(e) le %(day)s") % {"day": in_words(value["birth_date"])} if value["birth_date"] else ""
        relation = str(RELATIONS.get(value.get("relation", ""), ""))
        return "\n".join(filter(None, (names, born, relation)))

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "given_names": given_names.TYPE.schema(field),
                "family_name": name.TYPE.schema(field),
                "birth_date": {"type": "string", "format": "date"},
                "relation": {"enum": list(self.relations(field))},
            },
            "required": list(self.parts),
            "additionalProperties": False,
        }

    def inconsistencies(self, field: Field) -> list[str]:
        strange = [each for each in self.relations(field) if each not in RELATIONS]
        if strange or not self.relations(field):
            return [f"« relations » : choisir parmi {', '.join(RELATIONS)}"]
        return []


_BORN = Field(id="birth_date", type="date", label=NOTHING, settings={"when": "past"})
TYPE = FamilyMember()
