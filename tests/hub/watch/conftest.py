from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from etoile.contract.identifiers import first_uuid7, uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Message
from etoile.hub.registry.models import Application, Subscription
from tests.hub.journal.conftest import begin_again

SUBMITTED = "org.etoile.case.submitted.v1"
STATUS = "org.etoile.case.status_changed.v1"


@pytest.fixture(scope="module")
def _emptied(django_db_setup: None, django_db_blocker: Any) -> None:
    """Once for a file: what others committed goes; these tests undo what they write."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            begin_again()
        connection.close()


@pytest.fixture
def quiet(_emptied: None, db: None) -> None:
    """Nothing in the journal nor in the deliveries."""


def key_at(at: datetime) -> UUID:
    """A key made at that moment, unlike any other of it."""
    return UUID(int=first_uuid7(at).int | uuid7().int & ((1 << 62) - 1))


class Past:
    """Writes what would have happened at a moment of the past."""

    def __init__(self) -> None:
        self.positions = 0

    def message(self, at: datetime, *, source: str, subject: str, type: str = SUBMITTED, state: str = "routed") -> UUID:
        id = key_at(at)
        Message.objects.create(
            id=id, received_at=at, source=source, event_id=str(id), type=type, subject=subject,
            authority="21490999900017", state=state, payload="{}",
        )  # fmt: skip
        return id

    def delivery(
        self,
        at: datetime,
        *,
        to: str = "voirie-demandes",
        state: str = "acknowledged",
        after: timedelta = timedelta(seconds=1),
        subject: str = "",
        attempts: int = 1,
        **values: Any,
    ) -> Delivery:
        """Accepted at `at`; acknowledged `after` later, if it is."""
        subject = subject or f"case/{uuid7()}"
        subscription = Subscription.objects.get(slug=to)
        self.positions += 1
        return Delivery.objects.create(
            id=key_at(at), message_id=self.message(at, source="gru", subject=subject), created_at=at,
            subscription_id=subscription.pk, application_id=subscription.application_id, subject=subject,
            position=self.positions, state=state, attempts=attempts,
            settled_at=at + after if state in ("acknowledged", "cancelled") else None,
            due=at if state in ("pending", "retry_scheduled") else None, **values,
        )  # fmt: skip

    def status(self, at: datetime, subject: str, *, source: str = "voirie") -> UUID:
        return self.message(at, source=source, subject=subject, type=STATUS)


@pytest.fixture
def past(quiet: None, town: Any) -> Past:
    return Past()


def id_of(slug: str) -> int:
    return int(Application.objects.get(slug=slug).pk)


@contextmanager
def statements() -> Iterator[Callable[[], int]]:
    """How many statements were said inside."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield lambda: len(seen)


def now() -> datetime:
    return datetime.now(UTC)
