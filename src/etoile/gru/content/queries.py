"""Reading the content of a town: one small statement a page, the document itself once by process and by change."""

from collections import OrderedDict
from dataclasses import dataclass

import structlog

from etoile.gru.access.models import Authority
from etoile.gru.content.definition import EMPTY, TownContent
from etoile.gru.content.models import Content
from etoile.gru.content.parsing import ContentError, parse

log = structlog.get_logger(__name__)
_KEPT = 64
_parsed: OrderedDict[str, TownContent] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Published:
    """The content and its digest: what is computed from it may be kept under that name."""

    content: TownContent
    digest: str


def published(authority: Authority) -> Published:
    """Empty where the authority has given none. One statement, one more when this process has not read it yet."""
    digest = Content.objects.filter(authority=authority).values_list("digest", flat=True).first()
    if digest is None:
        return Published(EMPTY, "")
    found = _parsed.get(digest)
    if found is None:
        row = Content.objects.get(authority=authority)
        found, digest = _read(row), row.digest
        _parsed[digest] = found
        while len(_parsed) > _KEPT:
            _parsed.popitem(last=False)
    return Published(found, digest)


def _read(row: Content) -> TownContent:
    """A content kept by a former version, which this one cannot read, must not close the home page."""
    try:
        return parse(row.source)
    except ContentError as error:
        log.error("content.unreadable", authority=row.pk, problems=error.problems)
        return EMPTY
