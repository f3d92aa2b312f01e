"""Who is told of a request when whoever made it may read it no more: it was made for somebody, by a right that is over
since. The room that knows of it registers it."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from etoile.gru.notices.models import Notice


@dataclass(frozen=True, slots=True)
class Reader:
    """`email`: empty when nobody can be written to."""

    person: uuid.UUID
    name: str
    email: str


# Of these requests, those that somebody else reads now.
Provider = Callable[[Collection[uuid.UUID]], dict[uuid.UUID, Reader]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """The last one registered answers."""
    _providers[:] = [provider]


def instead(case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Reader]:
    """By request, who reads it in the place of whoever made it; the others are not there. One statement when it is
    empty, four at most."""
    return {case: reader for provider in _providers for case, reader in provider(case_ids).items()} if case_ids else {}


def of_case(case_id: uuid.UUID) -> Reader | None:
    """None: whoever made it. Statements as `instead`."""
    return instead([case_id]).get(case_id)


def gone_from(notices: Iterable[Notice]) -> list[uuid.UUID]:
    """Of these notices, those whose addressee is no longer the reader of their request. Statements as `instead`."""
    about = {each.pk: each for each in notices if each.case_id is not None}
    found = instead({each.case_id for each in about.values() if each.case_id is not None})
    return [
        pk
        for pk, each in about.items()
        if (reader := found.get(each.case_id)) is not None and reader.email.lower() != each.recipient_email.lower()
    ]
