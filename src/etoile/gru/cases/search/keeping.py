"""The words kept of each case, up to date with it. The only writer of `CaseWords`.

A verb that adds something to look for calls `note` in its transaction. What is sealed is never among the words.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import translation

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case
from etoile.gru.cases.search.words import words_of
from etoile.gru.documents.models import Document
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.rows import rows_said
from etoile.gru.forms.sensitive import is_sealed

BATCH = 200
_ADD = """
INSERT INTO cases_words AS kept (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (case_id) DO UPDATE SET words = kept.words || EXCLUDED.words
"""
_PUT = """
INSERT INTO cases_words (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (case_id) DO UPDATE SET words = EXCLUDED.words
"""


def note(case: Case, texts: Iterable[str]) -> None:
    """Add the words of `texts` to those of the case. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [case.pk, sorted(words_of(texts))])


def rewrite(case: Case) -> None:
    """Make the words of the case again: an answer that is no longer given is no longer found. Two statements."""
    documents = Document.objects.filter(holder=case.pk)
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [case.pk, sorted(words_of(said(case, documents)))])


def said(case: Case, documents: Iterable[Document]) -> list[str]:
    """All that is looked for of a case: reference, applicant, procedure, documents, answers that are not sensitive as
    an agent reads them. No statement if its version is there."""
    version = case.procedure_version
    kept = [case.reference, case.reference.replace("-", ""), case.contact_name, case.contact_email]
    with translation.override("fr"):
        answers = list(_answers(case))
    return [*kept, *version.name.raw().values(), *(each.name for each in documents), *answers]


def fill(authority: Authority | None = None, *, after: uuid.UUID | None = None) -> Iterator[tuple[int, uuid.UUID]]:
    """Write the words of every case again, by batches in the order of their identifiers, each in its transaction.

    Yields how many were written and the last one: given back as `after`, the work goes on from there. A case is locked
    while its words are made: a document that arrives meanwhile adds its own after."""
    while True:
        with transaction.atomic():
            cases = _batch(authority, after)
            if not cases:
                return
            names = _documents(cases)
            rows = [(case.pk, sorted(words_of(said(case, names.get(case.pk, ()))))) for case in cases]
            with connection.cursor() as cursor:
                cursor.executemany(_PUT, rows)
        after = cases[-1].pk
        yield len(cases), after


def _batch(authority: Authority | None, after: uuid.UUID | None) -> list[Case]:
    found = Case.objects.select_for_update(of=("self",)).select_related("procedure_version").order_by("pk")
    if authority is not None:
        found = found.filter(authority=authority)
    return list(found.filter(pk__gt=after)[:BATCH] if after else found[:BATCH])


def _documents(cases: Iterable[Case]) -> Mapping[uuid.UUID, list[Document]]:
    held: dict[uuid.UUID, list[Document]] = {}
    for each in Document.objects.filter(holder__in=[case.pk for case in cases]):
        held.setdefault(each.holder, []).append(each)
    return held


def _answers(case: Case) -> Iterator[str]:
    for each in case.procedure_version.definition.fields:
        value: Any = case.answers.get(each.id)
        if value is None or each.sensitive or is_sealed(value):
            continue
        if each.fields:
            yield from (line for _name, lines in rows_said(each, value) for line in lines)
        elif TYPES[each.type].valued:
            yield TYPES[each.type].summary(value, each)
