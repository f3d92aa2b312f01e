"""A block of questions asked once a row: the children to register, the stands of a fair."""

import re
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType
from etoile.gru.forms.texts import Text

ROW = "row"
CEILING = 200
USUAL_MAXIMUM = 20
_ROW = re.compile(r"[0-9a-z]{8}")
_ALPHABET = string.digits + string.ascii_lowercase


def new_row() -> str:
    """An identifier for a row that a person adds."""
    return "".join(secrets.choice(_ALPHABET) for _each in range(8))


class Repeated(FieldType):
    """Value: `[{"row": <8 of [0-9a-z], stable>, "<field>": value, …}]`, in the person's order; empty rows included
    while it is being filled. Posted as `<block>.<row>.<field>`, with one control `<block>.rows` a row.

    Settings: `minimum` and `maximum` number of rows (0 and 20; 200 at most), `row_label`, the name of one row.
    """

    name = "repeated"
    label = gettext_lazy("Bloc répété")
    family = "page"
    widget = "repeated"
    format = gettext_lazy("une ligne par réponse")
    example = "1"
    has_fields = True
    settings = {"minimum": int, "maximum": int, "row_label": (str, dict)}

    def least(self, field: Field, required: bool) -> int:
        """How many rows are needed; `required` as these answers make it."""
        return max(int(field.settings.get("minimum", 0)), int(required))

    def maximum(self, field: Field) -> int:
        return int(field.settings.get("maximum", USUAL_MAXIMUM))

    def row_label(self, field: Field) -> Text:
        """What one row is called; the block's own label when nothing is said."""
        return Text.of(field.settings.get("row_label")) or field.label

    def read(self, data: Any, field: Field) -> list[dict[str, Any]]:
        """The rows as they were posted, without the values: those are read by their own types, see `forms.reading`."""
        return [{ROW: row} for row in list(dict.fromkeys(data.getlist(f"{field.id}.rows")))[: CEILING + 1]]

    def normalise(self, raw: Any, field: Field) -> list[dict[str, Any]] | None:
        """Rows with a good identifier each; their values are left to the types of their questions."""
        if not isinstance(raw, list | tuple):
            return None
        rows = [dict(each) for each in raw[: CEILING + 1] if isinstance(each, Mapping)]
        taken = {row[ROW] for row in rows if _is_row(row.get(ROW))}
        free = _numbered(taken)
        used: set[str] = set()
        for row in rows:
            if not _is_row(row.get(ROW)) or row[ROW] in used:
                row[ROW] = next(free)
            used.add(row[ROW])
        return rows or None

    def check(self, value: Any, field: Field) -> str | None:
        return self.counted(len(value), field, field.required)

    def counted(self, count: int, field: Field, required: bool) -> str | None:
        """What is wrong with this number of rows."""
        least, most = self.least(field, required), self.maximum(field)
        if count < least:
            words = ngettext("il faut au moins %(count)d ligne.", "il faut au moins %(count)d lignes.", least)
        elif count > most:
            words = ngettext(
                "il y a trop de lignes : %(count)d au plus.", "il y a trop de lignes : %(count)d au plus.", most
            )
        else:
            return None
        return self._told(field, words % {"count": min(max(count, least), most)})

    def missing(self, field: Field) -> str:
        return self.counted(0, field, True) or ""

    def labelled(self, field: Field, number: int, child: Field) -> Field:
        """The question as an error names it, among several rows: « Enfant 2, prénom »."""
        row = self.row_label(field)
        languages = {code for text in (row, child.label) for code in text.raw()}
        return replace(
            child, label=Text.of({code: f"{row.said(code)} {number}, {child.label.said(code)}" for code in languages})
        )

    def _told(self, field: Field, reason: str) -> str:
        return _("« %(label)s » : %(reason)s") % {"label": field.label, "reason": reason}

    def summary(self, value: Any, field: Field) -> str:
        """The number of rows; what each says is drawn by the page, question by question."""
        count = len(value) if isinstance(value, list) else 0
        return ngettext("%(count)d ligne", "%(count)d lignes", count) % {"count": count} if count else ""

    def schema(self, field: Field) -> dict[str, Any]:
        """Of the rows alone: what each holds is in `answers_schema`, which knows every type."""
        row = {"title": "Identifiant de la ligne", "type": "string", "pattern": f"^{_ROW.pattern}$"}
        return {"type": "array", "items": {"type": "object", "properties": {ROW: row}}, "maxItems": self.maximum(field)}

    def unfinished(self, field: Field) -> list[str]:
        return [] if field.fields else [_("il manque les questions de chaque ligne")]

    def inconsistencies(self, field: Field) -> list[str]:
        found = []
        least, most = int(field.settings.get("minimum", 0)), self.maximum(field)
        if not 0 <= least <= most <= CEILING or most < 1:
            found.append(f"« minimum » et « maximum » : de 0 à {CEILING} lignes, le minimum sous le maximum")
        return found


def _is_row(given: Any) -> bool:
    return isinstance(given, str) and _ROW.fullmatch(given) is not None


def _numbered(taken: set[str]) -> Iterator[str]:
    """The same data always get the same identifiers: a program that sends rows twice sends the same case."""
    number = 0
    while True:
        name = f"r{number:07d}"
        number += 1
        if name not in taken:
            yield name


TYPE = REPEATED = Repeated()
