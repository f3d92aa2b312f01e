"""What changed in the answers of a case, in words: for the summary before saving, the agent's page and the person's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Table
from etoile.gru.cases.models import Case
from etoile.gru.corrections import queries
from etoile.gru.corrections.models import Revision
from etoile.gru.corrections.revised import Revised
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.rows import rows_said
from etoile.gru.forms.sensitive import open_sealed


@dataclass(frozen=True, slots=True)
class Change:
    """One question: its words before and after, a line each; none when there was no answer."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made. `by_person`: they were asked to correct; else an agent did it, for this reason."""

    at: datetime
    author: str
    by_person: bool
    reason: str
    changes: tuple[Change, ...]


def coming(revised: Revised) -> tuple[Change, ...]:
    """What saving would change."""
    return tuple(_changes(revised.definition, ((name, *pair) for name, pair in revised.changes.items())))


def made(case: Case) -> tuple[Made, ...]:
    """What was changed since the request was sent, the newest first. One statement."""
    return tuple(_made(each) for each in queries.made(case))


def _made(revision: Revision) -> Made:
    definition = (revision.version or revision.case.procedure_version).definition
    before = open_sealed(revision.before, holder=revision.id)
    after = open_sealed(revision.after, holder=revision.id)
    changes = _changes(definition, ((name, before.get(name), value) for name, value in after.items()))
    at = revision.sent_at or revision.updated_at
    return Made(at, revision.author, revision.account_id is None, revision.reason, tuple(changes))


def _changes(definition: Definition, changed: Iterable[tuple[str, Any, Any]]) -> Iterable[Change]:
    for name, before, after in changed:
        each = definition.field(name)
        if each is not None:
            yield Change(str(each.label), _words(each, before), _words(each, after))


def _words(each: Field, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if TYPES[each.type].holds_files:
        return tuple(str(name) for name in value)
    if each.fields:
        return tuple(_row(name, lines) for name, lines in rows_said(each, value))
    return tuple(TYPES[each.type].summary(value, each).splitlines())


def _row(name: str, lines: Iterable[str]) -> str:
    return f"{name} – {', '.join(lines)}"


def table(caption: str, changes: Iterable[Change]) -> Table:
    """One line a question: what it held, what it holds."""
    rows = [[Cell(each.label), Cell(_cell(each.before)), Cell(_cell(each.after))] for each in changes]
    return Table(caption, [_("Question"), _("Avant"), _("Après")], rows)


def _cell(words: Iterable[str]) -> str:
    return " ; ".join(words) or _("Sans réponse")
