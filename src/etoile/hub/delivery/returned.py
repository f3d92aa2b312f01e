"""What a connector brings back becomes an event of the application, as if it had published it itself."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from etoile.contract.envelope import Event, make
from etoile.contract.wire import format_time
from etoile.hub.registry.directory import ApplicationView
from etoile.sdk import Posted, Returned

TYPE = "org.etoile.case.status_changed.v1"
MESSAGE = "org.etoile.case.message_posted.v1"


def events(
    returned: Sequence[Returned], original: Event, application: ApplicationView, *, key: str, external_id: str | None
) -> list[Event]:
    """Statuses of one exchange as events. `key` names the exchange (a delivery, a polled number).

    Their ids come from the key and the content: the same status brought back twice is the same event, so a repeat is
    known as one; another content is another event, never a conflict.
    """
    return [_event(each, original, application, key, each.external_id or external_id) for each in returned]


def message(posted: Posted, original: Event, application: ApplicationView, *, key: str) -> Event:
    """A message to the person, as an event of the application; told twice, it is the same event."""
    case = original.data.get("case") or {}
    written = {"id": posted.id, "author": "application", "body": posted.body, "sent_at": format_time(posted.sent_at)}
    return make(
        MESSAGE,
        id=str(uuid5(NAMESPACE_URL, f"urn:etoile:posted:{json.dumps([key, written], sort_keys=True)}")),
        source=application.slug,
        subject=original.subject,
        authority=original.authority,
        correlationid=original.correlationid,
        time=posted.sent_at,
        data={"case": {name: case[name] for name in ("id", "reference") if name in case}, "message": written},
    )


def _event(
    returned: Returned, original: Event, application: ApplicationView, key: str, external_id: str | None
) -> Event:
    data = _data(returned, original, external_id)
    content = json.dumps([key, returned.sequence, data], ensure_ascii=False, sort_keys=True)
    return make(
        TYPE,
        id=str(uuid5(NAMESPACE_URL, f"urn:etoile:returned:{content}")),
        source=application.slug,
        subject=original.subject,
        authority=original.authority,
        correlationid=original.correlationid,
        sequence=returned.sequence,
        time=returned.occurred_at,
        data=data,
    )


def _data(returned: Returned, original: Event, external_id: str | None) -> dict[str, Any]:
    case = original.data.get("case") or {}
    business = {"code": returned.business_code, "label": returned.business_label}
    data = {
        "case": {name: case[name] for name in ("id", "reference") if name in case},
        "status": str(returned.status),
        "business_status": {name: value for name, value in business.items() if value} or None,
        "external_id": external_id,
        "message": returned.message,
        "occurred_at": format_time(returned.occurred_at),
    }
    return {name: value for name, value in data.items() if value not in (None, "")}
