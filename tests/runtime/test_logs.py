import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from etoile.runtime import logs

CANARIES = ("canary@example.org", "Jeanne Canari", "0612345678", "12 rue du Canari", "2850199123456")


@pytest.fixture
def lines() -> Iterator[Any]:
    """Configure the logs on a string; call it to read the lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("hub", level="DEBUG", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_line_is_one_json_object_with_its_request(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("etoile.delivery").info("delivery.settled", outcome="acknowledged", attempt=2)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery.settled",
        "logger": "etoile.delivery",
        "level": "info",
        "product": "hub",
        "request_id": "abc",
        "outcome": "acknowledged",
        "attempt": 2,
    }


def test_a_key_that_is_not_allowed_is_named_and_left_out(lines: Any) -> None:
    structlog.get_logger("etoile.cases").info("case.submitted", email=CANARIES[0], family_name=CANARIES[1])
    (line,) = lines()
    assert line["left_out"] == ["email", "family_name"]


@pytest.mark.exigence("ASVS 16.2.5")
def test_no_personal_value_reaches_a_line_by_any_way(lines: Any, caplog: pytest.LogCaptureFixture) -> None:
    mail, name, phone, street, number = CANARIES
    ours = structlog.get_logger("etoile.cases")
    library = logging.getLogger("library")
    ours.info("case.submitted", applicant={"email": mail}, state={"name": name})
    ours.info(f"sent to {mail} ({name})")
    library.warning("Not Found: /suivi/%s for %s", number, name)
    library.warning(f"duplicate key (email)=({mail}), phone '{phone}', number {number}")
    library.warning("row %(name)s", {"name": name})
    try:
        raise ValueError(f"{name} lives {street}")
    except ValueError:
        ours.exception("case.failed")
        library.exception("failed for %s", name)
    written = json.dumps(lines(), ensure_ascii=False)
    assert len(lines()) == 7
    assert not [canary for canary in CANARIES if canary in written]


def test_an_exception_keeps_its_type_and_its_place(lines: Any) -> None:
    try:
        raise KeyError("secret")
    except KeyError:
        structlog.get_logger("etoile.cases").exception("case.failed")
    (line,) = lines()
    assert line["error"] == "builtins.KeyError"
    assert line["where"][-1].rpartition(":")[0].endswith("test_logs.py")


def test_libraries_are_heard_only_when_something_is_wrong(lines: Any) -> None:
    logging.getLogger("library").info("all is well")
    logging.getLogger("library").warning("connection to %s lost", "db")
    (line,) = lines()
    assert (line["event"], line["template"]) == ("library", "connection to %s lost")
