"""The star of the crash tests: one source, and one receiver of each kind. An event's procedure says who takes it."""

import json

from tests.crashes.publisher import SUBMITTED, TOWN

STATUS = "org.etoile.case.status_changed.v1"
# Many short tries: an application that is down for some seconds is not given up.
PATIENT = [0, *[0.3] * 60]
SECRETS = {"gru": "gru_hub_client_secret", "counter": "counter_client_secret"}

# The circuit opens, for no longer than a test can wait.
SHORT = {"failures": 5, "pause": 0.5, "longest": 1.0}
WORKS = {"timeout": 1.0, "lease": 2.0, "concurrency": 16, "delays": PATIENT, "circuit": SHORT}
FENCED = {"timeout": 3.8, "lease": 4.0, "concurrency": 4, "delays": PATIENT, "circuit": SHORT}
# No circuit: each message is judged alone.
ALWAYS_CALLED = {"circuit": {"failures": 0}}
HOPELESS = {"timeout": 1.0, "lease": 2.0, "delays": [0, 0.1], **ALWAYS_CALLED}


def subscription(slug: str, application: str, procedures: list[str], **values: object) -> dict[str, object]:
    condition = f"event.data.procedure.slug in {procedures}"
    return {"slug": slug, "application": application, "type": SUBMITTED, "filter": condition, **values}


def webhook(port: int, path: str) -> dict[str, object]:
    return {
        "connector": "webhook",
        "configuration": {"url": f"http://127.0.0.1:{port}/{path}"},
        "secrets": {"signing_secret": {"secret": "crashes_signing", "kind": "whsec"}},
    }


FOLDER = {
    "mapping": 1,
    "name": "folder",
    "application": "office",
    "type": SUBMITTED,
    "version": 1,
    "send": {"reference": "=event.data.case.reference"},
    "return": {
        "number": "=answer.number",
        "code": "=answer.state",
        "statuses": {"open": "in_progress", "done": "closed"},
    },
}


def asked(port: int) -> dict[str, object]:
    """An application that gives a number, and is asked what became of it."""
    return {
        "connector": "http_json",
        "configuration": {
            "base_url": f"http://127.0.0.1:{port}",
            "request": {"path": "/folders"},
            "success": {"external_id": "response.body.number"},
            "poll": {
                "path": "/changes?since={since}",
                "items": "response.body.changes",
                "position": "item.at",
                "every": 0.2,
                "overlap_seconds": 1,
            },
        },
    }


def application(slug: str, **values: object) -> dict[str, object]:
    return {"slug": slug, "name": f"{slug} (simulated)", "authorities": [TOWN], "receives": [SUBMITTED], **values}


def credential(slug: str, *scopes: str) -> list[dict[str, object]]:
    return [{"client_id": slug, "secret": {"secret": SECRETS[slug]}, "scopes": list(scopes)}]


def star(port: int, office: int) -> str:
    """JSON is YAML. `port`: where the receiver listens, `office`: the application that is asked."""
    return json.dumps(
        {
            "star": 1,
            "authorities": [{"siret": TOWN, "name": "Commune d’essai"}],
            "applications": [
                application("gru", receives=[STATUS], emits=[SUBMITTED], credentials=credential("gru", "events:write")),
                application("works"),
                application("registers"),
                application("counter", credentials=credential("counter", "mailbox")),
                application("office", emits=[STATUS]),
            ],
            "subscriptions": [
                subscription("works", "works", ["works", "all"], policy=WORKS, **webhook(port, "works")),
                subscription("fenced", "works", ["fenced"], policy=FENCED, **webhook(port, "fenced")),
                subscription("busy", "works", ["busy"], policy=WORKS | ALWAYS_CALLED, **webhook(port, "busy")),
                subscription("hopeless", "registers", ["all"], policy=HOPELESS, **webhook(port, "hopeless")),
                subscription("off", "registers", ["all"], active=False, **webhook(port, "off")),
                subscription("counter", "counter", ["counter"], connector="mailbox", policy=WORKS),
                subscription("office", "office", ["office"], policy=WORKS, mapping=FOLDER, **asked(office)),
                {
                    "slug": "statuses",
                    "application": "gru",
                    "type": STATUS,
                    "policy": WORKS,
                    **webhook(port, "statuses"),
                },
            ],
        }
    )
