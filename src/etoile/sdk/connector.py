"""The base of a connector, and how installed connectors are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import Any, ClassVar

from pydantic import BaseModel

from etoile.contract.envelope import Event
from etoile.sdk.context import Context
from etoile.sdk.lookup import LookupOutcome
from etoile.sdk.manifest import Manifest, ManifestError
from etoile.sdk.outcome import Outcome, Posted, Returned
from etoile.sdk.places import FOLDERS, Folders

GROUP = "etoile.connectors"
_METHODS = ("deliver", "poll", "lookup", "receive", "held", "check")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a check: settings, reachability, credentials. `message` is French, for an operator."""

    name: str
    ok: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an application gave back and that cannot be read: the hub keeps it and tells its operators.

    `name`: what it is (the name of a file, say). `message`: French, what is wrong, where it is now and what to do,
    without anything of the content. `key`: the same each time the same thing is told, `name` when it is empty.
    """

    name: str
    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one reading of an application found: where to start the next one, and (external id, status) pairs.

    `problems`: what could not be read, and was left aside so that the rest goes on. `posted`: messages to the person,
    by external id. `refused`: what the application had taken and says now that it refuses (a letter that comes back):
    its external id, and French words for an agent; that delivery waits for a person. All is recorded with the cursor.
    """

    cursor: str | None
    returned: list[tuple[str, Returned]] = field(default_factory=list)
    more: bool = False
    problems: list[Problem] = field(default_factory=list)
    posted: list[tuple[str, Posted]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One thing an application holds: its number, and the reference of our case when the application keeps it."""

    external_id: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What an application says it holds. `complete` False: it has more than could be listed, what is absent proves
    nothing."""

    items: list[HeldItem] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A callback of the application, as the hub received it. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What to answer a callback, and the statuses it told. The hub records them before it answers."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    returned: list[tuple[str, Returned]] = field(default_factory=list)


class Connector:
    """A translator between the contract and one kind of application. One instance serves every subscription.

    A connector overrides the methods it offers, and its manifest declares the same. It keeps nothing about a person
    between calls, asks the network through `context.http` only, and may be called again with the same event and the
    same `idempotency_key`: the second call must not double anything.
    """

    manifest: ClassVar[Manifest]
    Configuration: ClassVar[type[BaseModel]]
    pull: ClassVar[bool] = False
    """True when the application fetches its messages itself (the hub's mailbox): nothing is delivered to it."""

    @property
    def capabilities(self) -> frozenset[str]:
        """The methods this connector overrides, and "mailbox" when it pulls."""
        offered = {name for name in _METHODS if getattr(type(self), name) is not getattr(Connector, name)}
        return frozenset(offered | ({"mailbox"} if self.pull else set()))

    def spoken(self, configuration: Mapping[str, Any]) -> tuple[str, str]:
        """What is spoken with these settings (as they are kept), in a word or two: in French, then in English."""
        words = self.manifest.spoken
        return (words.fr, words.en) if words else (self.manifest.protocol, self.manifest.protocol)

    def configured(self, settings: Any, folders: Folders | None = None) -> BaseModel:
        """The settings of a subscription, validated. ValidationError (pydantic) says what is wrong.

        `folders`: those of this machine that the operator opened to connectors; a setting that is a folder to be read
        at that moment (`places.opened`) is below one of them.
        """
        return type(self).Configuration.model_validate(settings, context={FOLDERS: folders or Folders()})

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Hands the event over. What goes wrong is an Outcome; an exception is taken as a fault of the connector."""
        raise NotImplementedError

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """Asks what changed since `cursor` (None the first time). May raise: the same cursor comes again later."""
        raise NotImplementedError

    async def lookup(self, query: Mapping[str, Any], context: Context) -> LookupOutcome:
        """Answers a question at once (a synchronous read of the application), before `context.deadline`: somebody is
        waiting. What goes wrong is a LookupOutcome; an exception is taken as a fault of the connector."""
        raise NotImplementedError

    async def receive(self, request: Request, context: Context) -> Received:
        """Reads a callback of the application, after checking that it comes from it."""
        raise NotImplementedError

    async def held(self, since: datetime, context: Context) -> Holding | None:
        """Lists what the application received or changed since then (aware), so that both sides can be compared.

        More than that does no harm. None when this subscription is not set up for it. May raise: it is told.
        """
        raise NotImplementedError

    async def check(self, context: Context) -> list[Check]:
        """Says whether settings, network and credentials are right. Changes nothing in the application."""
        raise NotImplementedError


def discover(entry_points: Callable[..., Any] = metadata.entry_points, group: str = GROUP) -> dict[str, Connector]:
    """The installed connectors by name: each entry point is a module that holds `CONNECTOR`.

    ManifestError when one of them is not what it says; a broken connector must not start half working.
    """
    return {entry.name: _loaded(entry) for entry in sorted(entry_points(group=group), key=lambda each: each.name)}


def _loaded(entry: Any) -> Connector:
    connector = getattr(entry.load(), "CONNECTOR", None)
    if not isinstance(connector, Connector):
        raise ManifestError(f"the connector {entry.name} has no CONNECTOR, an instance of etoile.sdk.Connector")
    verify(connector, entry.name)
    return connector


def verify(connector: Connector, name: str) -> None:
    """ManifestError when the manifest does not tell the truth about the class."""
    manifest, configuration = getattr(connector, "manifest", None), getattr(connector, "Configuration", None)
    if not isinstance(manifest, Manifest):
        raise ManifestError(f"the connector {name} has no manifest")
    if not (isinstance(configuration, type) and issubclass(configuration, BaseModel)):
        raise ManifestError(f"the connector {name} has no Configuration")
    if manifest.name != name:
        raise ManifestError(f'the connector {name} calls itself "{manifest.name}" in its manifest')
    if manifest.capabilities != connector.capabilities:
        declared, real = ", ".join(sorted(manifest.capabilities)), ", ".join(sorted(connector.capabilities))
        raise ManifestError(f"the connector {name} declares {declared or 'nothing'} but offers {real or 'nothing'}")
