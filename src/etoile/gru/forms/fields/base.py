"""What every type of field offers. One module per type beside this one; `etoile.gru.forms.fields` finds them all."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Field
from etoile.gru.forms.texts import Text

# What a text may hide: control characters (PostgreSQL even refuses NUL), half characters, and marks that reverse the
# direction of what is read. Tab and ends of lines stay.
_HIDDEN = (*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x200B, *range(0x202A, 0x202F), *range(0x2066, 0x206A),
           *range(0xD800, 0xE000), 0xFEFF)  # fmt: skip
_CONTROLS = dict.fromkeys(_HIDDEN)


class FieldType:
    """Raw answer → `normalise` → value kept (JSON) → `check` → sentence or None. `None` is the one empty value.

    `label` and `family` are how those who design a procedure find the type; `widget` names a template of the design;
    `parts` are the controls of a composite, posted as `<id>.<part>`; `format` and `example` are what an error must
    tell (RGAA 11.11); `tokens` are the WCAG 1.3.5 tokens allowed, the first being the usual one for the whole field;
    `answered` tells whether a person answers it, `valued` whether it has a value at all: a calculated field has one;
    `holds_files` is true when the answer is the documents of the field, `has_fields` when it holds questions;
    `has_options` tells whether the field has a closed list of its own; `privacy` is the category of a field that
    gives none; `settings` names the settings a procedure may give, with the Python type each must have.
    """

    name = ""
    label: str | Promise = ""
    family = "text"
    widget = "text"
    parts: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    format: str | Promise = ""
    example: str = ""
    answered = True
    valued = True
    holds_files = False
    has_options = False
    has_fields = False
    privacy = "ordinary"
    settings: Mapping[str, type | tuple[type, ...]] = {}

    def read(self, data: Any, field: Field) -> Any:
        """The raw answer in a posted form (`QueryDict`): the control named by the field, or its parts."""
        if not self.parts:
            return data.get(field.id)
        return {part: data.get(f"{field.id}.{part}") for part in self.parts}

    def normalise(self, raw: Any, field: Field) -> Any:
        return cleaned_text(raw)

    def check(self, value: Any, field: Field) -> str | None:
        raise NotImplementedError

    def missing(self, field: Field) -> str:
        """The sentence for a required answer that was not given."""
        return _("« %(label)s » : il manque votre réponse. %(help)s") % {
            "label": field.label,
            "help": self.guidance(field),
        }

    def guidance(self, field: Field) -> str:
        return _("Format attendu : %(format)s. Exemple : %(example)s.") % {
            "format": self.expected(field),
            "example": self.shown_example(field),
        }

    def expected(self, field: Field) -> str:
        return str(self.format)

    def shown_example(self, field: Field) -> str:
        given = field.settings.get("example")
        return str(Text.of(given)) if given else str(self.example)

    def wrong(self, field: Field, reason: str) -> str:
        """An error: which field, what is wrong, the format and an example."""
        return _("« %(label)s » : %(reason)s %(help)s") % {
            "label": field.label,
            "reason": reason,
            "help": self.guidance(field),
        }

    def summary(self, value: Any, field: Field) -> str:
        """The answer as a person reads it, in the language of the request; several lines are joined by line feeds."""
        return "" if value is None else str(value)

    def plain(self, value: Any, field: Field) -> str:
        """The answer for a document, a letter or a table: as `summary`, in characters that any font has, and no more
        of a secret than recognises it.
        """
        return self.summary(value, field).replace("\u202f", "\u00a0")

    def schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema (2020-12) of the value kept."""
        return {"type": "string"}

    def accepted(self, field: Field) -> dict[str, Any] | None:
        """JSON Schema of what a program sends for it; None when it sends nothing."""
        return self.schema(field)

    def problems(self, field: Field) -> list[str]:
        """What is wrong in the procedure's own settings of this field, in French."""
        found = []
        for key, value in field.settings.items():
            wanted = self.settings.get(key)
            if wanted is None:
                found.append(f"réglage inconnu « {key} » pour le type {self.name}")
            elif not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
                found.append(f"réglage « {key} » de type inattendu")
        # A setting of the wrong type cannot be compared with anything: the rest is told once it is right.
        found += [] if found else self.inconsistencies(field)
        if not self.has_fields and field.fields:
            found.append(f"le type {self.name} n'a pas de champs")
        if self.has_options and not field.options:
            found.append("un choix a besoin d'options")
        if not self.has_options and field.options:
            found.append(f"le type {self.name} n'a pas d'options")
        if field.autocomplete and field.autocomplete not in self.tokens:
            found.append(f"autocomplete « {field.autocomplete} » ne convient pas au type {self.name}")
        return found

    def unfinished(self, field: Field) -> list[str]:
        """What a draft may still lack and a published procedure may not, in French."""
        return []

    def reads(self, field: Field) -> frozenset[str]:
        """The identifiers of the fields its settings refer to; all must come before it."""
        return frozenset()

    def inconsistencies(self, field: Field) -> list[str]:
        """What is wrong in settings that have the right types."""
        return []


def cleaned_text(raw: Any) -> str | None:
    """One line of text without hidden characters nor doubled spaces; None when nothing is left or it is no text."""
    if not isinstance(raw, str):
        return None
    return " ".join(raw.translate(_CONTROLS).split()) or None


def cleaned_lines(raw: Any) -> str | None:
    """Text of several lines: ends of lines made equal, trailing spaces taken away."""
    if not isinstance(raw, str):
        return None
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n ") or None


def part(raw: Any, name: str) -> Any:
    return raw.get(name) if isinstance(raw, Mapping) else None
