from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.place import Place


class MapPoint(Place):
    """`{text, latitude?, longitude?}` as `place`, where a position alone suffices: a phone gives it at a touch. Words
    alone suffice too: nobody is asked to read a map.
    """

    name = "map_point"
    label = gettext_lazy("Point sur le terrain")
    widget = "map_point"
    format = gettext_lazy("la position (latitude et longitude), ou une description du lieu")
    example = "47.47360, -0.55420"

    def check(self, value: Any, field: Field) -> str | None:
        if "latitude" in value and not self.positioned(value):
            return self.wrong(field, _("la position n’est pas valable : latitude et longitude en degrés décimaux."))
        if len(value["text"]) > 300:
            return self.wrong(field, _("cette description est trop longue."))
        return None

    def normalise(self, raw: Any, field: Field) -> Any:
        """`47.4736, -0.5542` written as a text is a position too."""
        if isinstance(raw, str) and (pair := self.pair(raw)):
            raw = pair
        return super().normalise(raw, field)

    def pair(self, text: str) -> dict[str, str] | None:
        pieces = text.replace(";", " ").replace(", ", " ").split()
        return {"latitude": pieces[0], "longitude": pieces[1]} if len(pieces) == 2 and _digits(pieces) else None


def _digits(pieces: list[str]) -> bool:
    return all(piece.lstrip("+-").replace(",", ".").replace(".", "", 1).isdigit() for piece in pieces)


TYPE = MapPoint()
