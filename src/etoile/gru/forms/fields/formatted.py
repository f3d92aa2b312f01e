"""A text of a given form: the number of a meter, of a file of another service."""

from functools import lru_cache
from typing import Any

import jsonschema_rs
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text
from etoile.gru.forms.texts import Text

_LONGEST_PATTERN = 300


class Formatted(FieldType):
    """Settings: `pattern` (the whole answer must fit it), `example` (which must fit it too), `words` (the form in
    words, told by errors), `capitals: true` to write letters in capitals, `width`.
    """

    name = "formatted"
    label = gettext_lazy("Texte d’une forme donnée")
    format = gettext_lazy("texte de la forme demandée")
    settings = {"pattern": str, "example": (str, dict), "words": (str, dict), "capitals": bool, "width": str}

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.upper() if text and field.settings.get("capitals") else text

    def expected(self, field: Field) -> str:
        return str(Text.of(field.settings.get("words"))) or str(self.format)

    def check(self, value: Any, field: Field) -> str | None:
        if len(value) <= 200 and _matches(field.settings.get("pattern", ""), value):
            return None
        return self.wrong(field, _("cette réponse n’a pas la forme demandée."))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "maxLength": 200, "pattern": _whole(field.settings.get("pattern", ""))}

    def inconsistencies(self, field: Field) -> list[str]:
        pattern, example = field.settings.get("pattern", ""), Text.of(field.settings.get("example")).fr
        if not pattern or len(pattern) > _LONGEST_PATTERN:
            return [f"« pattern » : une expression de {_LONGEST_PATTERN} signes au plus est attendue"]
        if not _readable(pattern):
            return ["« pattern » n'est pas une expression que l'on sait lire (sans rappel \\1 ni regard (?=…))"]
        told = [f"« {key} » manque : une erreur le dira" for key in ("example", "words") if key not in field.settings]
        if (
            not told
            and self.normalise(example, field) is not None
            and self.check(self.normalise(example, field), field)
        ):
            told.append("« example » ne suit pas « pattern »")
        return told


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


@lru_cache(maxsize=256)
def _validator(pattern: str) -> Any:
    """An engine whose time is linear in the answer: no pattern that a designer writes can hold a process."""
    options = jsonschema_rs.RegexOptions(size_limit=1_000_000)
    return jsonschema_rs.validator_for({"pattern": _whole(pattern)}, pattern_options=options)


def _readable(pattern: str) -> bool:
    try:
        return _validator(pattern) is not None
    except (jsonschema_rs.ValidationError, ValueError):
        return False


def _matches(pattern: str, value: str) -> bool:
    return bool(pattern) and _readable(pattern) and bool(_validator(pattern).is_valid(value))


TYPE = Formatted()
