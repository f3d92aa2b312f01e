"""Connectors called from outside the worker: a check asked by a person, a rehearsal, a list of what is held.

Never in a transaction, and with the database connection given back before anyone waits for a network.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pydantic import ValidationError

from etoile.contract.envelope import Event
from etoile.contract.identifiers import uuid7
from etoile.hub.journal import services as journal
from etoile.hub.registry.directory import ApplicationView, ProviderView, SubscriptionView
from etoile.hub.registry.models import Direction, Interface, TestState
from etoile.runtime.background import Background, BusyError
from etoile.sdk import Check, Connector, Context, Door, MailDoor
from etoile.sdk.connector import discover
from etoile.sdk.mail import smtp
from etoile.sdk.places import Folders

LONGEST_CHECK = 20.0
WEB = Background("connectors")

T = TypeVar("T")


class Reached(Protocol):
    """What a connector is called for: a subscription, or a provider of a lookup."""

    @property
    def slug(self) -> str: ...
    @property
    def application(self) -> ApplicationView: ...
    @property
    def connector(self) -> str: ...
    @property
    def configuration(self) -> dict[str, Any]: ...
    @property
    def secrets(self) -> dict[str, str]: ...
    @property
    def mapping(self) -> dict[str, Any] | None: ...


class TransactionOpenError(RuntimeError):
    """A connector was about to be called while a transaction is open: a fault of ours."""


def context(
    view: Reached,
    connector: Connector,
    http: Door,
    mail: MailDoor,
    *,
    seconds: float,
    event: Event | None = None,
) -> Context:
    """What a connector is given for one call. Raises ValidationError when the configuration is not what it asks for."""
    return Context(
        configuration=connector.configured(view.configuration, Folders(settings.HUB_ALLOWED_FOLDERS)),
        secrets=view.secrets,
        http=http,
        mail=mail,
        idempotency_key=str(uuid7()),
        attempt=1,
        deadline=time.monotonic() + seconds,
        application=view.application.slug,
        subscription=view.slug,
        provider=isinstance(view, ProviderView),
        event=event,
        mapping=view.mapping,
    )


def wait(work: Callable[[], Awaitable[T]], *, seconds: float) -> T:
    """What `work` gives, run on the loop of this web process. Raises TimeoutError, BusyError."""
    if connection.in_atomic_block:
        raise TransactionOpenError("a connector is never called inside a transaction")
    connection.close()
    return WEB.run(work, seconds=seconds)


def checked(view: SubscriptionView, *, actor: str) -> list[Check]:
    """`check`, and what it found kept: the contract of the application says when it was last checked, and how it went.

    `actor`: who asked, for the journal.
    """
    lines = check(view)
    right = all(line.ok for line in lines)
    with transaction.atomic(), connection.cursor() as cursor:
        Interface.objects.filter(
            application_id=view.application.id, message_type__type=view.message_type, direction=Direction.IN
        ).update(test_state=TestState.CHECKED if right else TestState.FAILING, checked_at=timezone.now())
        detail = {"subscription": view.slug, "wrong": [line.name for line in lines if not line.ok]}
        journal.record(cursor, "subscription.checked", actor=actor, application=view.application.slug, detail=detail)
    return lines


def check(view: Reached, connectors: dict[str, Connector] | None = None) -> list[Check]:
    """Settings, reachability, credentials of a subscription or a provider, as its connector sees them; changes nothing.

    What goes wrong is a line of the answer, in French. Raises BusyError when too many are asking.
    """
    installed = discover() if connectors is None else connectors
    connector = installed.get(view.connector)
    if connector is None:
        return [Check("settings", False, f"Le connecteur « {view.connector} » n’est pas installé.")]
    if "check" not in connector.capabilities:
        return [Check("settings", True, "Ce connecteur n’a rien à vérifier : l’application vient chercher elle-même.")]

    async def ask() -> list[Check]:
        async with Door(settings.HUB_ALLOWED_PRIVATE_ADDRESSES, folders=settings.HUB_ALLOWED_FOLDERS) as door:
            mail = MailDoor(smtp(settings.HUB_SMTP_URL))
            return await connector.check(context(view, connector, door, mail, seconds=LONGEST_CHECK))

    try:
        return wait(ask, seconds=LONGEST_CHECK)
    except TimeoutError:
        return [Check("reachability", False, f"L’application n’a pas répondu en {LONGEST_CHECK:.0f} secondes.")]
    except ValidationError as error:
        places = ", ".join(".".join(map(str, each["loc"])) or "configuration" for each in error.errors())
        return [Check("settings", False, f"La configuration n’est pas celle que le connecteur attend : {places}.")]
    except (TransactionOpenError, BusyError):
        raise
    except Exception as error:
        return [Check("settings", False, f"Le connecteur a échoué ({type(error).__name__}).")]
