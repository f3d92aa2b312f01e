"""A change of answers being written: the answers as they would be, the page that asks for them, and what changes.

The form engine does it all: the same conditions, the same controls, the same refusals as when the form was filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView
from etoile.gru.cases.models import Case
from etoile.gru.corrections import eligible
from etoile.gru.corrections.models import Revision
from etoile.gru.documents.models import Document
from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.filling.judging import submitted, trusted
from etoile.gru.filling.sheets import Part, Sheet
from etoile.gru.forms.definition import Definition, Page
from etoile.gru.forms.evaluation import Evaluation, evaluate
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.forms.tables import choosing
from etoile.gru.forms.texts import Text
from etoile.gru.forms.validation import FieldError, Result, validate

Documents = dict[str, list[Document]]


@dataclass(frozen=True)
class Revised:
    """`asked` are the questions that may change; `current` the answers of the case in clear, `held` its files; `typed`
    what is buffered, `given` the files given meanwhile. What a change of answer brings to light may be answered too."""

    revision: Revision
    case: Case
    asked: frozenset[str]
    current: Mapping[str, Any]
    held: Documents
    typed: Mapping[str, Any]
    given: Documents

    @property
    def definition(self) -> Definition:
        return self.case.procedure_version.definition

    @cached_property
    def answers(self) -> dict[str, Any]:
        """As they would be, rows of tables read again. Three statements at most, none without a table."""
        merged = {**self.current, **self.typed}
        kept = {name: value for name, value in merged.items() if value is not None}
        return choosing.chosen(self.case.authority_id, self.definition, kept)

    @cached_property
    def documents(self) -> Documents:
        """A question that received files has those; the others have the files of the case."""
        return {**self.held, **{name: files for name, files in self.given.items() if files}}

    @cached_property
    def result(self) -> Result:
        return validate(self.definition, self.answers, documents=self.documents)

    @cached_property
    def was(self) -> Evaluation:
        """What the form makes of the answers as they are."""
        return evaluate(self.definition, self.current, self.held)

    @cached_property
    def becomes(self) -> Evaluation:
        """What it makes of those the case would keep."""
        theirs = {each.id for each in self.definition.fields if each.applicant}
        asker = {name: value for name, value in self.current.items() if name in theirs}
        return evaluate(self.definition, {**asker, **trusted(self.definition, self.fresh)}, self.documents)

    @property
    def was_visible(self) -> set[str]:
        return self.was.visible

    @cached_property
    def shown(self) -> frozenset[str]:
        """The questions to answer: those asked, and those that were hidden and no longer are."""
        revealed = self.result.visible - self.was_visible
        return frozenset(
            each.id
            for each in eligible.editable(self.definition)
            if each.id in self.result.visible and (each.id in self.asked or each.id in revealed)
        )

    @cached_property
    def page(self) -> Page:
        """The questions to answer as one page, in their sections."""
        sections = [
            replace(section, fields=tuple(each for each in section.fields if each.id in self.shown))
            for page in self.definition.pages
            for section in page.sections
        ]
        return Page("corrections", Text(), tuple(section for section in sections if section.fields))

    @property
    def takes_files(self) -> bool:
        asked = (inner for each in self.page.fields for inner in (each, *each.fields))
        return any(TYPES[each.type].holds_files for each in asked)

    def parts(self, errors: Mapping[str, str], notes: Mapping[str, str]) -> list[Part]:
        """The page drawn; `notes` by question are read before its hint. Two statements if it chooses in a table."""
        drawn = Evaluated(self.definition, self.answers, self.given)
        sheet = Sheet(drawn, errors, self.revision.id, self.case.authority_id)
        notes = {name: " ".join(filter(None, (notes.get(name), self._held_as(name)))) for name in self.shown}
        return [
            replace(part, fields=tuple(_noted(view, notes) for view in part.fields)) for part in sheet.parts(self.page)
        ]

    def _held_as(self, name: str) -> str:
        files = ", ".join(each.name for each in self.held.get(name, ()))
        return (
            _("Déjà dans la demande : %(files)s. Un nouveau fichier le remplace.") % {"files": files} if files else ""
        )

    def errors(self) -> list[FieldError]:
        """What is wrong with the questions to answer; the rest was judged when the request was sent. A file that is now
        wanted does not stop an agent, who has not got it: it is asked of the person (`effects`)."""
        asked = self.shown - self._awaited if self.revision.account_id is not None else self.shown
        return [each for each in self.result.errors if each.field.partition(".")[0] in asked]

    @property
    def _awaited(self) -> set[str]:
        return {name for name in self.shown if self._holds_files(name) and not self.documents.get(name)}

    def _holds_files(self, name: str) -> bool:
        each = self.definition.field(name)
        return each is not None and TYPES[each.type].holds_files

    @cached_property
    def fresh(self) -> dict[str, Any]:
        """The answers the case would keep, by field, without those that say who asks."""
        cleaned = submitted(self.definition, self.result.cleaned)
        hidden = self.was_visible - self.result.visible
        kept = {}
        for each in self.definition.fields:
            if each.applicant or each.id in hidden:
                continue
            if each.id in self.shown:
                source: Mapping[str, Any] = cleaned
            else:
                # What is computed follows the answers; what cannot be computed any more stays as it was.
                source = self._clear if TYPES[each.type].answered else {**self._clear, **cleaned}
            if each.id in source:
                before, now = self._clear.get(each.id), source[each.id]
                kept[each.id] = before if same(before, now) else now
        return kept

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What each question that changes held, and would hold; None is no answer, a list of names is for files."""
        names = [each.id for each in self.definition.fields if not each.applicant]
        found = {name: (self._clear.get(name), self.fresh.get(name)) for name in names}
        found = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
        for name, files in self.given.items():
            if files and name.partition(".")[0] in self.shown:
                found[name] = ([each.name for each in self.held.get(name, ())], [each.name for each in files])
        return found

    @cached_property
    def _clear(self) -> dict[str, Any]:
        return open_sealed(self.case.answers, holder=self.case.id)


def buffered(revision: Revision, definition: Definition) -> dict[str, Any]:
    """What was typed so far, in clear."""
    return trusted(definition, open_sealed(revision.answers, holder=revision.id))


def same(before: Any, now: Any) -> bool:
    """A row of a table that is chosen again is the same, whatever the table says of it today."""
    rows = isinstance(before, Mapping) and isinstance(now, Mapping) and before.get("key") is not None
    return bool(before["key"] == now.get("key")) if rows else before == now


def _noted(view: FieldView, notes: Mapping[str, str]) -> FieldView:
    note = notes.get(view.name.partition(".")[0])
    return replace(view, hint=f"{note}\n{view.hint or ''}".strip()) if note else view
