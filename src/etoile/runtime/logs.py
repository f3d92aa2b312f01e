"""Logs: one JSON object per line on the error output, with no personal value in it.

Our own code says a fixed event name and values under known keys:
    structlog.get_logger("etoile.delivery").info("delivery.settled", delivery=str(id), outcome="acknowledged")
A key that is not in ALLOWED is replaced by its name under `left_out`. Of a library's line only the template is kept
(“Not Found: %s”), never what it was filled with; of an exception its type and where it was raised, never its message.
"""

import logging
import os
import re
import sys
import traceback
from types import TracebackType
from typing import IO, Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from etoile.runtime.variables import Variable

LEVEL: Final = Variable(
    "ETOILE_LOG_LEVEL", "choice", "INFO", "From which level on a line is written: DEBUG, INFO, WARNING…"
)

KEYS: Final = """
    event level logger timestamp product request_id pid left_out error where template
    method route status duration_ms attempt attempts application authority case connector count delivery
    delivery_id deliveries delay depth due event_id http_status job kind lane lanes lease message_id message_type
    migration mode number outcome port position procedure queue reason rows seconds sequence signal source state
    subscription task type version worker
"""
ALLOWED: Final = frozenset(KEYS.split())
OWN_EVENT: Final = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*")
REVEALING: Final = re.compile(
    r"[^\s@'\"<>]+@[^\s@'\"<>]+|'[^']*'|\"[^\"]*\"|«[^»]*»|\(.*\)|\{.*\}|\[.*\]|=\S+|\b[\w-]*\d[\w-]{4,}\b|\bhttps?://\S+"
)
LONGEST_VALUE: Final = 200

ExceptionTriple = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def configure(product: str, *, level: str | None = None, stream: IO[str] | None = None) -> None:
    """Send structlog and the standard library's logging to `stream` (the error output) as JSON lines.

    The level of our own lines is ETOILE_LOG_LEVEL, else INFO (WARNING under test); of libraries only warnings are kept.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _template_only],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _Labelled(product),
            _exception_place,
            _allowed_keys_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("etoile").setLevel(level or _level())
    # Every refusal already has its line, with its route (see requests.py); only what Django could not answer adds one.
    logging.getLogger("django.request").setLevel(logging.ERROR)


def _level() -> str:
    given = os.environ.get(LEVEL.name, "").strip().upper()
    if given in logging.getLevelNamesMapping():
        return given
    return "WARNING" if os.environ.get("ETOILE_ENV") == "test" else "INFO"


def scrubbed(text: str) -> str:
    """A text where all that could be someone's is replaced by `…`: addresses, numbers, quoted and bracketed parts."""
    return REVEALING.sub("…", text)[:LONGEST_VALUE]


class _Labelled:
    def __init__(self, product: str) -> None:
        self.product = product

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        event["product"] = self.product
        return event


def _template_only(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    record = event["_record"]
    event.update(event="library", template=scrubbed(str(record.msg)))
    return event


def _exception_place(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    caught = event.pop("exc_info", None)
    triple = _triple(caught)
    if triple is not None and triple[0] is not None:
        frames = traceback.extract_tb(triple[2])[-8:]
        event["error"] = f"{triple[0].__module__}.{triple[0].__qualname__}"
        event["where"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames]
    return event


def _triple(caught: Any) -> ExceptionTriple | None:
    if isinstance(caught, BaseException):
        return type(caught), caught, caught.__traceback__
    if isinstance(caught, tuple):
        return caught
    return sys.exc_info() if caught else None


def _allowed_keys_only(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    left_out = sorted(key for key in event if key not in ALLOWED)
    kept = {key: _sober(value) for key, value in event.items() if key in ALLOWED}
    if not OWN_EVENT.fullmatch(str(kept.get("event", ""))):
        kept["event"] = scrubbed(str(kept.get("event", "")))
    return kept | {"left_out": left_out} if left_out else kept


def _sober(value: Any) -> Any:
    """Scalars and short lists of them: a whole object under an allowed key would bring its content along."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_sober(item) for item in value[:20]]
    return str(value)[:LONGEST_VALUE] if not isinstance(value, dict | set) else type(value).__name__
