"""The only writer of reference tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from etoile.gru.access.models import Account, Authority
from etoile.gru.forms.tables.models import Table, TableRow, TableVersion
from etoile.gru.forms.tables.reading import Content, TableError, read

# The one in force and the one before, to go back to: what is older was only ever of use to those who chose in it.
KEPT_VERSIONS = 2
_COPY = "COPY forms_tablerow (version_id, position, key, label, words, cells) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Imported:
    """`changed` is false when the file says what the table says already."""

    table: Table
    version: TableVersion
    changed: bool


def import_csv(
    authority: Authority,
    slug: str,
    raw: bytes,
    *,
    title: str = "",
    key: str = "",
    label: str = "",
    by: Account | None = None,
) -> Imported:
    """The next version of a table, made and put in force in one transaction. Raises `TableError`: nothing changed.

    Unless told, the columns of the key and of the label are those of the version before. People who choose meanwhile
    see that version, whole, or the next one, whole.
    """
    content = read(raw, key=key, label=label, usual=_usual(authority, slug))
    with transaction.atomic():
        Table.objects.get_or_create(authority=authority, slug=slug)
        table = (
            Table.objects.select_for_update(of=("self",)).select_related("current").get(authority=authority, slug=slug)
        )
        if title and title != table.title:
            table.title = title[:200]
            table.save(update_fields=["title"])
        if table.current is not None and table.current.digest == content.digest:
            return Imported(table, table.current, changed=False)
        version = _write(table, content, by)
        table.current = version
        table.save(update_fields=["current"])
        _forget_old(table, version)
    return Imported(table, version, changed=True)


def _usual(authority: Authority, slug: str) -> tuple[str, str]:
    """The columns of the key and of the label, as they were chosen the time before."""
    found = (
        Table.objects.filter(authority=authority, slug=slug, current__isnull=False).select_related("current").first()
    )
    return (found.current.key_column, found.current.label_column) if found and found.current else ("", "")


def go_back(authority: Authority, slug: str) -> TableVersion:
    """Put the version before the one in force back. Raises `TableError` when there is none."""
    with transaction.atomic():
        table = Table.objects.select_for_update().filter(authority=authority, slug=slug).first()
        before = None if table is None else _before(table)
        if table is None or before is None:
            raise TableError([f"la table « {slug} » n’a pas de version précédente"])
        table.current = before
        table.save(update_fields=["current"])
    return before


def _before(table: Table) -> TableVersion | None:
    kept = TableVersion.objects.filter(table=table, rows__isnull=False).exclude(current_of=table).distinct()
    return kept.order_by("-number").first()


def _write(table: Table, content: Content, by: Account | None) -> TableVersion:
    last = TableVersion.objects.filter(table=table).aggregate(last=Max("number"))["last"] or 0
    version = TableVersion.objects.create(
        table=table,
        number=last + 1,
        digest=content.digest,
        columns=list(content.columns),
        key_column=content.key_column,
        label_column=content.label_column,
        size=len(content.rows),
        created_by=by,
    )
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for position, row in enumerate(content.rows):
            cells = json.dumps(row.cells, ensure_ascii=False)
            copy.write_row((version.pk, position, row.key, row.label, row.words, cells))
    return version


def _forget_old(table: Table, current: TableVersion) -> None:
    """Rows of old versions; their line in the history stays."""
    numbers = TableVersion.objects.filter(table=table).exclude(pk=current.pk).order_by("-number")
    kept = [current.pk, *numbers.values_list("pk", flat=True)[: KEPT_VERSIONS - 1]]
    TableRow.objects.filter(version__table=table).exclude(version__in=kept).delete()


def load(authority: Authority, described: Mapping[str, Any], raw: bytes) -> Imported:
    """A table of a town's file: `{slug, title, key, label}`."""
    slug, title, key, label = (str(described.get(name, "")) for name in ("slug", "title", "key", "label"))
    return import_csv(authority, slug, raw, title=title, key=key, label=label)
