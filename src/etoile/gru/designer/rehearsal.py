"""Trying a procedure as a person fills it in: the same questions, the same checks, and nothing is kept.

The answers travel in the page itself, signed: no draft, no document, no row of any table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.functional import cached_property

from etoile.gru.documents.models import Document
from etoile.gru.filling import asking, controls, rows
from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.filling.judging import judge, trusted
from etoile.gru.filling.progress import Progress, progress
from etoile.gru.forms.definition import Definition, Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.validation import Result, kept

SALT = "designer.rehearsal"
SEED = "essai"


@dataclass(frozen=True)
class Rehearsal:
    """`answers` as a draft has them; `files` are names and sizes by address of their question; `done` the pages."""

    version: ProcedureVersion
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    done: tuple[str, ...] = ()

    @classmethod
    def carried(cls, version: ProcedureVersion, text: str) -> "Rehearsal":
        """What the page brought back; a fresh start when it is no page of ours."""
        try:
            told = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return cls(version)
        return cls(
            version,
            trusted(version.definition, told["answers"]),
            {key: [tuple(each) for each in value] for key, value in told["files"].items()},
            tuple(told["done"]),
        )

    @property
    def definition(self) -> Definition:
        return self.version.definition

    @property
    def text(self) -> str:
        return signing.dumps(
            {"answers": dict(self.answers), "files": dict(self.files), "done": self.done}, salt=SALT, compress=True
        )

    @cached_property
    def documents(self) -> dict[str, list[Document]]:
        """Documents that are nowhere: names to show."""
        return {
            key: [Document(name=name, size=size, field=key) for name, size in given]
            for key, given in self.files.items()
        }

    @property
    def evaluated(self) -> Evaluated:
        return Evaluated(self.definition, self.answers, self.documents)

    @property
    def progress(self) -> Progress:
        return progress(self.evaluated, self.done)

    def with_page(self, here: Page, request: HttpRequest) -> tuple["Rehearsal", Result]:
        """What the page posted, and what is wrong with it. Rows and files come and go as on the real page."""
        given = controls.answers(request, here)
        gone = controls.address_of(here, request.POST.get("remove_row", ""))
        if gone is not None:
            given[gone.block.id] = rows.without(given.get(gone.block.id) or [], gone.row)
        posted = replace(self, files=self._files(here, request))
        result = judge(self.version, self.answers, given, page=here, documents=posted.documents)
        # The hub is asked as for a person: whoever designs sees what they will.
        again = asking.again(here, request.POST.get("attach", ""))
        asked = asking.ask(asking.due(self.version, result, self.answers, [here], again), self.answers)
        if asked:
            result = judge(self.version, self._kept(result), asked, page=here, documents=posted.documents)
        done = (*(name for name in self.done if name != here.id), *((here.id,) if result.valid else ()))
        return replace(posted, answers=self._kept(result), done=done), result

    def _kept(self, result: Result) -> dict[str, Any]:
        """As a draft keeps them: what is hidden for now stays."""
        return kept(self.definition, self.answers, result)

    def _files(self, here: Page, request: HttpRequest) -> dict[str, list[tuple[str, int]]]:
        found = dict(self.files)
        for name in request.FILES:
            each = controls.question_of(here, str(name))
            if each is not None and TYPES[each.type].holds_files:
                given = [(str(upload.name), int(upload.size or 0)) for upload in _uploads(request, str(name))]
                found[each.id] = [*found.get(each.id, []), *given]
        return found


def _uploads(request: HttpRequest, name: str) -> Iterable[Any]:
    return request.FILES.getlist(name)
