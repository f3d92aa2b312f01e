"""An event tried by the application that would say it: who would take it, what each reads of it, what its mapping
gives. Nothing is kept and nothing leaves."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from etoile.contract.envelope import Event
from etoile.hub.delivery.prepare import prepare
from etoile.hub.registry.directory import ApplicationView, Snapshot, SubscriptionView
from etoile.hub.routing.identities import restore
from etoile.hub.routing.matching import matches
from etoile.sdk import Mapping as Tree
from etoile.sdk.mapping import Leaf, paths_of

DATA = "event.data."
# In the settings of a connector, an expression or the template of an address; neither is parsed here.
_WRITTEN = re.compile(r"\bevent\.data((?:\.[A-Za-z_]\w*)+)")


@dataclass(frozen=True, slots=True)
class Read:
    """A place of the data (`answers.lieu.latitude`) that a subscription reads; `by`: filter, mapping or settings.

    `required`: without it, the delivery waits for somebody."""

    path: str
    by: str
    required: bool


@dataclass(frozen=True, slots=True)
class Receiver:
    """A subscription that would take the event. `doubt`: its filter has no value on it, it would be held.

    `fields`: what its application may see, everything when empty."""

    subscription: SubscriptionView
    doubt: str
    fields: tuple[str, ...]
    reads: tuple[Read, ...]
    leaves: tuple[Leaf, ...]


def receivers(events: Sequence[Event], application: ApplicationView, snapshot: Snapshot) -> list[list[Receiver]]:
    """Of each event, in the order in which the hub knows them. Raises `pairwise.ForeignIdentifierError`.

    What a subscription reads does not depend on the event: its mapping is compiled and looked through once.
    """
    # Without the secrets of the applications, no address of a document is signed: nothing can be opened from here.
    unsigned = replace(snapshot, applications={})
    seen: dict[int, _Looked] = {}
    found = []
    for event in events:
        known = restore(event, application).event
        taking = []
        for match in matches(known, application, snapshot):
            view = match.subscription
            if view.id not in seen:
                seen[view.id] = _Looked(view)
            looked = seen[view.id]
            leaves = looked.leaves(prepare(known, view, unsigned, now=time.time()))
            taking.append(Receiver(view, match.failure, view.fields, looked.reads, leaves))
        found.append(taking)
    return found


class _Looked:
    def __init__(self, view: SubscriptionView) -> None:
        self.tree = Tree.examine(view.mapping) if view.mapping is not None else None
        self.reads = tuple(sorted(set(_reads(view)), key=lambda read: (read.path, read.by)))

    def leaves(self, prepared: Event) -> tuple[Leaf, ...]:
        return tuple(self.tree.leaves({"event": prepared.to_dict()})) if self.tree is not None else ()


def _reads(view: SubscriptionView) -> Iterator[Read]:
    if view.filter:
        every, needed = paths_of(view.filter, view.message_type)
        yield from _told(every, needed, "filter")
    if view.mapping is not None:
        tree = Tree.check(view.mapping, view.message_type)
        yield from _told((path for _, path in tree.reads), {path for _, path in tree.needed}, "mapping")
    for text in _texts(view.configuration):
        for found in _WRITTEN.finditer(text):
            yield Read(found.group(1)[1:], "settings", "has(" not in text)


def _told(every: Iterable[str], needed: set[str], by: str) -> Iterator[Read]:
    for path in every:
        if path.startswith(DATA):
            yield Read(path.removeprefix(DATA), by, path in needed)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _texts(child)
