"""What one application may see of a message: the fields its subscription allows, its own names for persons, documents
it may open for a quarter of an hour."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.contract.signature import is_under, sign_address
from etoile.hub.registry import pairwise
from etoile.hub.registry.directory import ApplicationView, Snapshot, SubscriptionView

DOCUMENT_SECONDS = 15 * 60


def prepare(event: Event, subscription: SubscriptionView, snapshot: Snapshot, *, now: float) -> Event:
    """The event as the application of `subscription` receives it in this attempt. `now`: seconds since 1970.

    Addresses of documents are signed with the secret of the application that emitted the message, and only when they
    are under its own base address: the hub vouches for nobody else's.
    """
    if subscription.fields:
        event = event.with_data(allowed(event.data, subscription.fields))
    event = schemas.rewrite(event, "person", partial(pairwise.alias, subscription.application))
    source = snapshot.applications.get(event.source)
    if source is not None and source.document_secret and source.document_base_url:
        event = schemas.rewrite(event, "document", partial(_signed, source, int(now) + DOCUMENT_SECONDS))
    return event


def allowed(data: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """The part of `data` under these dotted paths; in a list, the path goes on in each item."""
    tree: dict[str, Any] = {}
    for path in fields:
        node = tree
        for name in path.split("."):
            node = node.setdefault(name, {})
        node[""] = True  # a path that ends here allows all that is below, whatever longer paths say
    kept: dict[str, Any] = _kept(data, tree)
    return kept


def _kept(value: Any, tree: dict[str, Any]) -> Any:
    if "" in tree:
        return value
    if isinstance(value, list):
        return [_kept(item, tree) for item in value if isinstance(item, dict)]
    if isinstance(value, dict):
        return {
            name: _kept(value[name], below)
            for name, below in tree.items()
            if name in value and ("" in below or isinstance(value[name], dict | list))
        }
    return None


def _signed(source: ApplicationView, expires_at: int, document: Any) -> Any:
    url = document.get("url") if isinstance(document, dict) else None
    if not isinstance(url, str) or not is_under(url, source.document_base_url):
        return document
    return {**document, "url": sign_address(url, source.document_secret, expires_at=expires_at)}
