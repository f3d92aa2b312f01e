"""Files. The answer is not a value but the documents held by the draft for this field; `etoile.gru.documents` proves
their content."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.gru.documents.kinds import KINDS, accepted_words
from etoile.gru.documents.models import State
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType

USUAL = ("pdf", "jpeg", "png", "heic")
MEBIBYTE = 1024 * 1024


class File(FieldType):
    """Settings: `accept` (families of `documents.kinds`), `max_size` (mebibytes, each file), `max_count`,
    `removed_after`: how many days after the end of the request the files are removed, the request staying."""

    name = "file"
    label = gettext_lazy("Fichier à joindre")
    family = "file"
    holds_files = True
    widget = "file"
    format = gettext_lazy("fichier")
    example = "justificatif.pdf"
    settings = {"accept": list, "max_size": int, "max_count": int, "removed_after": int}
    ceiling = 50
    usual = USUAL

    def accept(self, field: Field) -> tuple[str, ...]:
        return tuple(field.settings.get("accept", self.usual))

    def max_size(self, field: Field) -> int:
        """In bytes."""
        return int(field.settings.get("max_size", 10)) * MEBIBYTE

    def max_count(self, field: Field) -> int:
        return int(field.settings.get("max_count", 1))

    def expected(self, field: Field) -> str:
        count = self.max_count(field)
        words = ngettext(
            "%(kinds)s, %(size)d Mo au plus, un seul fichier",
            "%(kinds)s, %(size)d Mo au plus, %(count)d fichiers au plus",
            count,
        )
        size = self.max_size(field) // MEBIBYTE
        return words % {"kinds": accepted_words(self.accept(field)), "size": size, "count": count}

    def read(self, data: Any, field: Field) -> Any:
        return None

    def normalise(self, raw: Any, field: Field) -> Any:
        """`raw` is the list of the field's documents, whatever they are: only their number matters here."""
        return list(raw) if raw else None

    def check(self, value: Any, field: Field) -> str | None:
        if infected := [each.name for each in value if getattr(each, "state", "") == State.INFECTED]:
            told = {"name": infected[0]}
            return self.wrong(field, _("l’antivirus a trouvé un virus dans « %(name)s ». Retirez ce fichier.") % told)
        if len(value) > self.max_count(field):
            return self.wrong(field, _("vous avez joint %(count)d fichiers, c’est trop.") % {"count": len(value)})
        return None

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : joignez ce document. %(help)s") % {
            "label": field.label,
            "help": self.guidance(field),
        }

    def summary(self, value: Any, field: Field) -> str:
        return "\n".join(str(getattr(each, "name", each)) for each in value or ())

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        for kind in self.accept(field):
            if kind not in KINDS:
                found.append(f"type de fichier inconnu « {kind} » (connus : {', '.join(sorted(KINDS))})")
        if not 1 <= int(field.settings.get("max_size", 10)) <= self.ceiling:
            found.append(f"« max_size » va de 1 à {self.ceiling} mébioctets")
        if not 1 <= int(field.settings.get("max_count", 1)) <= 10:
            found.append("« max_count » va de 1 à 10")
        if not 1 <= int(field.settings.get("removed_after", 1)) <= 3650:
            found.append("« removed_after » va de 1 à 3650 jours")
        return found


TYPE = File()
