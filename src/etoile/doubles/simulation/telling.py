"""Telling the hub: each change of status leaves as an event, from a small durable queue, in order per item."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import urllib3

from etoile.contract.client import HubClient, HubRefused, HubUnavailable
from etoile.contract.envelope import Event, make
from etoile.doubles.simulation.profile import Kind, Profile, Step
from etoile.doubles.simulation.store import Item, Store

STATUS_CHANGED = "org.etoile.case.status_changed.v1"
DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)


def status_event(profile: Profile, item: Item, step: Step, message: str = "") -> Event:
    """The event that tells a status of an item; its `sequence` is the item's own counter."""
    occurred_at = datetime.fromtimestamp(item.changed_at / 1000, UTC).isoformat(timespec="milliseconds")
    data: dict[str, Any] = {
        "case": {"reference": item.reference},
        "status": step.status,
        "business_status": {"code": step.code, "label": step.label},
        "external_id": item.number,
        "occurred_at": occurred_at.replace("+00:00", "Z"),
    }
    if item.subject.startswith("case/"):
        data["case"]["id"] = item.subject.removeprefix("case/")
    if message or step.message:
        data["message"] = message or step.message
    return make(
        STATUS_CHANGED,
        source=profile.slug,
        subject=item.subject,
        authority=item.authority,
        data=data,
        sequence=item.changes + 1,
        correlationid=item.correlation,
    )


def advance(profile: Profile, store: Store, number: str, code: str, message: str = "") -> Item:
    """Put an item in the step `code`. Raises KeyError for an unknown item, ValueError for an unknown code."""
    kind = profile.kinds[store.item(number).kind]
    step = kind.step(code)
    if step is None:
        raise ValueError(f"unknown code {code!r} for {kind.name}")
    with store.transaction() as connection:
        item = store.move_in(connection, number, step, message)
        if profile.tells != "nothing":
            store.tell(connection, number, _told(profile, item, step, message))
        else:
            store.changed(connection, number)
    return item


def tell_first(profile: Profile, store: Store, item: Item) -> None:
    """Publish that an item just received is received, once."""
    step = profile.kinds[item.kind].steps[0]
    with store.transaction() as connection:
        if not connection.execute("SELECT 1 FROM outgoing WHERE number = ?", (item.number,)).fetchone():
            store.tell(connection, item.number, _told(profile, item, step))


def _told(profile: Profile, item: Item, step: Step, message: str = "") -> dict[str, Any]:
    """A change of status as it leaves: an event of the contract, or the line of a file for who only knows files."""
    if profile.tells == "event":
        return status_event(profile, item, step, message).to_dict()
    return {
        "number": item.number,
        "key": item.key,
        "code": step.code,
        "label": step.label,
        "message": message or step.message,
        "at": item.changed_at,
    }


def advance_ripe(profile: Profile, store: Store, seconds: float) -> int:
    """Automatic mode: move on each item that has stayed `seconds` in its step."""
    moved = 0
    for item in store.find():
        following = profile.kinds[item.kind].after(item.code)
        # Two changes of one item are never of the same millisecond: the last may be a little ahead of the clock.
        if following and max(0, store.now_ms() - item.changed_at) >= seconds * 1000:
            advance(profile, store, item.number, following.code)
            moved += 1
    return moved


def publish_due(store: Store, client: Callable[[], HubClient]) -> int:
    """Send what waits. An item whose first event does not leave keeps the others of that item waiting."""
    sent, blocked = 0, set()
    for row in store.rows("SELECT * FROM outgoing WHERE state = 'waiting' ORDER BY position"):
        if row["number"] in blocked or row["due"] > time.time():
            blocked.add(row["number"])
            continue
        try:
            client().publish(Event.from_dict(json.loads(row["event"])))
        except HubRefused as refusal:
            lasting = refusal.problem.status in (400, 409, 413, 422)
            _failed(store, row, f"{refusal.problem.status} {refusal.problem.title}", lasting=lasting)
            blocked.add(row["number"])
        except (HubUnavailable, OSError, urllib3.exceptions.HTTPError) as error:
            _failed(store, row, f"{type(error).__name__}: {error}"[:200], lasting=False)
            blocked.add(row["number"])
        else:
            sent += 1
            store.write("UPDATE outgoing SET state = 'sent', error = NULL WHERE position = ?", row["position"])
    return sent


def _failed(store: Store, row: Any, error: str, *, lasting: bool) -> None:
    delay = DELAYS[min(row["attempts"], len(DELAYS) - 1)]
    store.write(
        "UPDATE outgoing SET state = ?, attempts = attempts + 1, due = ?, error = ? WHERE position = ?",
        *("refused" if lasting else "waiting", time.time() + delay, error, row["position"]),
    )


def kind_of(profile: Profile, name: str | None = None) -> Kind:
    return profile.kinds[name] if name else next(iter(profile.kinds.values()))
