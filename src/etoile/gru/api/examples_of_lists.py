"""Examples of what is done on a list of cases: one act on many of them (see `examples`)."""

from typing import Any

from etoile.gru.api.examples_of_acts import AGENT, OTHER

_batch: dict[str, Any] = {
    "id": "0198f0d0-5e6f-7071-8283-9e0f1a2b3c4d",
    "act": "message",
    "state": "done",
    "total": 240,
    "done": 239,
    "refused": 1,
    "created_at": "2026-11-03T09:00:00Z",
    "ended_at": "2026-11-03T09:01:12Z",
}
_asked: dict[str, Any] = {**_batch, "state": "waiting", "done": 0, "refused": 0, "ended_at": None}
_report: dict[str, Any] = {
    **_batch,
    "refusals": [{"case": OTHER, "why": "Vous n’avez pas ce droit sur cette demande."}],
}

OF_LISTS: dict[str, dict[str, Any]] = {
    "count_selection": {"response": {"cases": [OTHER], "more": False, "able": 1}},
    "list_batches": {"response": {"items": [_batch]}},
    "create_batch": {
        "request": {
            "agent": AGENT,
            "act": "message",
            "cases": [OTHER],
            "body": "Le service sera fermé lundi 9 novembre.",
        },
        "response": _asked,
    },
    "read_batch": {"response": _report},
    "change_batch": {"request": {"agent": AGENT, "state": "running"}, "response": {**_report, "state": "waiting"}},
}
