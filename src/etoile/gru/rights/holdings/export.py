"""Everything held about a person, as plain JSON."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from etoile.gru.batches.models import Batch
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.sensitive import is_sealed, open_one
from etoile.gru.people import scope
from etoile.gru.rights.holdings.shapes import Held
from etoile.gru.rights.holdings.tables import HELD
from etoile.gru.rights.models import Redaction
from etoile.gru.rights.subject import Subject

FORMAT = "etoile-personal-data/1"
# Answers set aside: of a request that changed procedure, of a draft that changed version.
_ROWS = ({"field", "value"}, {"field", "version", "value"})


def collect(
    subject: Subject, *, seen: datetime | None = None, original: bool = False
) -> list[tuple[Held, list[dict[str, Any]] | int]]:
    """Each table that has something: its rows, or how many there are when they must be asked for.

    `seen`: until when somebody read those too, and found that they may be given; `original`: as they were written, not
    as the person receives them. One statement a table, one more once they were read.
    """
    instead = redacted(subject) if seen is not None and not original else {}
    found: list[tuple[Held, list[dict[str, Any]] | int]] = []
    with scope.of_person(*subject.people):
        for each in HELD:
            rows = each.rows(subject)
            if each.on_request and seen is not None:
                rows = rows.filter(**{f"{each.on_request}__lte": seen})
            told = rows.count() if each.on_request and seen is None else [_row(each, row, instead) for row in rows]
            if told:
                found.append((each, told))
    return found


def document(subject: Subject, *, seen: datetime | None = None, original: bool = False) -> dict[str, Any]:
    """`{format, at, authority, tables: {Model: {title, rows | count, withheld}}}`: plain JSON, values as stored, what
    was sealed in clear."""
    return {
        "format": FORMAT,
        "at": timezone.now().isoformat(),
        "authority": {"name": subject.authority.name, "siret": subject.authority.siret},
        "requests": [each.reference for each in subject.cases],
        "tables": {
            each.name: {
                "title": str(each.title),
                **({"ask_for": told} if isinstance(told, int) else {"rows": told}),
                "withheld": {name: str(why) for name, why in each.withheld.items()},
            }
            for each, told in collect(subject, seen=seen, original=original)
        },
    }


def redacted(subject: Subject) -> dict[tuple[str, Any], str]:
    """What the person receives in the place of what was written, by table and row. One statement."""
    found = Redaction.objects.filter(case__in=subject.case_ids).values_list("table", "row", "words")
    return {(table, row): words for table, row, words in found}


def _row(held: Held, row: models.Model, instead: Mapping[tuple[str, Any], str]) -> dict[str, Any]:
    holder = getattr(row, held.holder)
    told = {name: _plain(_opened(getattr(row, name), holder)) for name in held.given}
    if held.spoken and (words := instead.get((held.name, row.pk))) is not None:
        told[held.spoken] = words
    return told


def _opened(value: Any, holder: object, field: str = "") -> Any:
    """The sealed values in clear, wherever they are in a JSON column: by field, or in rows (`_ROWS`)."""
    if is_sealed(value):
        return open_one(value, field, holder=holder)
    if isinstance(value, Mapping):
        named = str(value["field"]) if set(value) in _ROWS else ""
        return {key: _opened(each, holder, named or str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_opened(each, holder, field) for each in value]
    return value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal | bytes | memoryview):
        raise TypeError(f"a {type(value).__name__} is not given to people")
    return _NAMES.get(type(value), str)(value)


# What a row points to, by its name.
_NAMES: dict[type, Callable[[Any], str]] = {
    ProcedureVersion: lambda version: f"{version.name} (v{version.number})",
    Batch: lambda batch: f"{batch.get_kind_display()}, {timezone.localtime(batch.created_at):%Y-%m-%d %H:%M}",
}
