"""What a connector's tests need: a context, events, a real server, and the checks every connector must pass."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.contract.identifiers import uuid7
from etoile.sdk.connector import Connector, verify
from etoile.sdk.context import Context
from etoile.sdk.door import Door
from etoile.sdk.mail import MailDoor
from etoile.sdk.outcome import Outcome
from etoile.sdk.serving import serve

__all__ = ["Bench", "EventFactory", "assert_conforms", "events", "make_context", "outbox_of", "serve"]


def make_context(
    configuration: Any = None,
    *,
    secrets: Mapping[str, str] | None = None,
    http: Door | None = None,
    allowed: tuple[str, ...] = (),
    folders: tuple[str, ...] = (),
    mail: MailDoor | None = None,
    event: Event | None = None,
    mapping: Any = None,
    attempt: int = 1,
    seconds: float = 20,
    application: str = "services-techniques",
    subscription: str = "essai",
    provider: bool = False,
    idempotency_key: str | None = None,
) -> Context:
    """A context for a test. `allowed`: `host:port` or addresses of simulated systems ("http://127.0.0.1:43210").
    `folders`: those of this machine that the connector may use.

    Without `http` a new door is made; close it with `await context.http.close()`. Without `mail`, messages are kept:
    see `outbox_of`.
    """
    pairs = [each.partition("://")[2].partition("/")[0] if "://" in each else each for each in allowed]
    return Context(
        configuration=configuration,
        secrets=dict(secrets or {}),
        http=http or Door(pairs, folders=folders),
        mail=mail or _KeptMail(),
        idempotency_key=idempotency_key or (event.id if event else str(uuid7())),
        attempt=attempt,
        deadline=time.monotonic() + seconds,
        application=application,
        subscription=subscription,
        provider=provider,
        event=event,
        mapping=mapping,
    )


class Bench:
    """One connector facing its double, for its tests: makes contexts around one door.

    `context(event, **changes)` takes `attempt`, `seconds`, `mapping`, `http` and `secrets` as `make_context` does; any
    other name replaces a setting.
    """

    def __init__(
        self, connector: Connector, door: Door, settings: dict[str, Any], *, secrets: Mapping[str, str], mapping: Any
    ) -> None:
        self.connector, self.door, self.settings = connector, door, settings
        self.secrets, self.mapping = secrets, mapping

    def context(self, event: Event | None = None, **changes: Any) -> Context:
        names = ("attempt", "seconds", "mapping", "http", "secrets")
        known = {name: changes.pop(name) for name in names if name in changes}
        return make_context(
            self.connector.Configuration.model_validate({**self.settings, **changes}),
            event=event,
            **{"http": self.door, "mapping": self.mapping, "secrets": self.secrets, **known},
        )

    async def deliver(self, event: Event, **changes: Any) -> Outcome:
        return await self.connector.deliver(event, self.context(event, **changes))


def outbox_of(context: Context) -> list[EmailMessage]:
    """The messages a connector sent through a context made here without `mail`."""
    if not isinstance(context.mail, _KeptMail):
        raise TypeError("this context was given a mail door of its own")
    return context.mail.messages


class EventFactory:
    """Valid events, different at each call: `EventFactory().make("org.etoile.case.submitted.v1", source="gru")`.

    `data` replaces whole values of the example's data, name by name.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def make(
        self, type: str = "org.etoile.case.submitted.v1", *, data: Mapping[str, Any] | None = None, **attributes: Any
    ) -> Event:
        """One event from the contract's example. ValueError when the contract refuses the result."""
        number, case = next(self._numbers), str(uuid7())
        event = schemas.example(type)
        content = {**event.data, **(data or {})}
        given_case = content.get("case")
        if isinstance(given_case, dict) and "case" not in (data or {}):
            content["case"] = {**given_case, "reference": f"26-T{number:04d}", "id": case}
        made = replace(
            event,
            id=str(uuid7()),
            subject=f"case/{case}" if event.subject.startswith("case/") else event.subject,
            time=datetime.now(UTC),
            data=content,
        )
        made = replace(made, **attributes)
        wrong = schemas.violations(made)
        if wrong:
            raise ValueError("; ".join(f"{each.pointer}: {each.detail}" for each in wrong))
        return made


def events() -> Iterator[Event]:
    """One event of each type of the contract."""
    factory = EventFactory()
    for type in schemas.MESSAGE_TYPES:
        yield factory.make(type)


def assert_conforms(connector: Connector) -> None:
    """AssertionError when a connector breaks a rule that can be seen without calling it.

    The manifest tells the truth about the class; each setting has a title and a description in French, and no default
    value is a secret; the configuration refuses what it does not know, so that a misspelt setting is found at once.
    """
    verify(connector, connector.manifest.name)
    faults = list(_untitled(connector.Configuration.model_json_schema()))
    if connector.Configuration.model_config.get("extra") != "forbid":
        faults.append("Configuration must forbid unknown settings (extra='forbid')")
    if faults:
        raise AssertionError(f"{connector.manifest.name}: " + "; ".join(faults))


def _untitled(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, node in [("", schema), *schema.get("$defs", {}).items()]:
        for setting, described in node.get("properties", {}).items():
            where = f"{name}.{setting}".lstrip(".")
            # Pydantic makes a title of the name when none was written; the tag of a union is not filled by a person.
            if "const" not in described and described.get("title", "") in ("", setting.replace("_", " ").title()):
                yield f"the setting {where} needs a French title"
            elif "const" not in described and not described.get("description"):
                yield f"the setting {where} needs a French description"
            if "password" in setting and "default" in described:
                yield f"the setting {where} must not have a default value"


class _KeptMail(MailDoor):
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        super().__init__(self.messages.append)
