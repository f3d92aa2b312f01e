import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part

_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,12})?")


class Place(FieldType):
    """`{text, latitude?, longitude?}` in WGS 84. Text is the accessible way and suffices; coordinates alone do not."""

    name = "place"
    label = gettext_lazy("Lieu")
    family = "contact"
    widget = "place"
    parts = ("text", "latitude", "longitude")
    format = gettext_lazy("l’adresse ou une description du lieu, 300 caractères au plus")
    example = "devant le 12 rue des Tilleuls"
    settings = {"example": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, str):
            raw = {"text": raw}
        text = cleaned_text(part(raw, "text"))
        latitude, longitude = _coordinate(part(raw, "latitude")), _coordinate(part(raw, "longitude"))
        if text is None and latitude is None and longitude is None:
            return None
        place: dict[str, Any] = {"text": text or ""}
        if latitude is not None or longitude is not None:
            place |= {"latitude": latitude, "longitude": longitude}
        return place

    def check(self, value: Any, field: Field) -> str | None:
        if not value["text"]:
            return self.wrong(field, _("décrivez le lieu avec des mots, même si vous avez placé un point."))
        if len(value["text"]) > 300:
            return self.wrong(field, _("cette description est trop longue."))
        if "latitude" in value and not self.positioned(value):
            return self.wrong(field, _("la position n’est pas valable : latitude et longitude en degrés décimaux."))
        return None

    def positioned(self, value: Any) -> bool:
        return _within(value["latitude"], 90) and _within(value["longitude"], 180)

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, dict):
            return ""
        if not (isinstance(value.get("latitude"), float) and isinstance(value.get("longitude"), float)):
            return str(value["text"])
        return f"{value['text']}\n{value['latitude']:.5f}, {value['longitude']:.5f}".lstrip("\n")

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "text": {"type": "string", "maxLength": 300},
                "latitude": {"type": "number", "minimum": -90, "maximum": 90},
                "longitude": {"type": "number", "minimum": -180, "maximum": 180},
            },
            "required": ["text"],
            "additionalProperties": False,
        }


def _coordinate(raw: Any) -> Any:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    text = cleaned_text(raw)
    return float(text.replace(",", ".")) if text and _DECIMAL.fullmatch(text) else text


def _within(value: Any, limit: int) -> bool:
    return isinstance(value, float) and -limit <= value <= limit


TYPE = Place()
