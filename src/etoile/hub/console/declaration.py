"""The console's accessibility statement, from the file the operator names (HUB_ACCESSIBILITY_RECORD).

Without a file, or with one that is not complete, the console says what is true of a site nobody audited.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
import yaml
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from etoile.design.statement.reading import NotPublishable, read
from etoile.design.statement.record import Record
from etoile.design.statement.standing import standing

log = structlog.get_logger(__name__)
NOT_AUDITED = Path(__file__).with_name("accessibility.yaml")


def record() -> Record:
    """The record in force. Never fails: a wrong file is told by `check`, and in the log."""
    path = Path(settings.HUB_ACCESSIBILITY_RECORD) if settings.HUB_ACCESSIBILITY_RECORD else NOT_AUDITED
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, yaml.YAMLError, NotPublishable, UnicodeDecodeError) as error:
        log.error("accessibility_record_refused", file=str(path), reason=str(error))
        return _read(NOT_AUDITED, 0)


def context(request: HttpRequest) -> dict[str, Any]:
    """`accessibility`, as the footer of the design reads it."""
    mention = standing(record(), timezone.localdate()).mention
    return {"accessibility": {"mention": mention, "href": reverse("console:accessibility")}}


def check(**_options: Any) -> list[CheckMessage]:
    """Refuse, before it is served, a statement that lacks a mention, with the whole list."""
    path = Path(settings.HUB_ACCESSIBILITY_RECORD) if settings.HUB_ACCESSIBILITY_RECORD else NOT_AUDITED
    try:
        _read(path, 0)
    except NotPublishable as error:
        return [Error(f"{path}: the accessibility statement is not complete:\n{error}", id="console.E001")]
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        return [Error(f"{path} (HUB_ACCESSIBILITY_RECORD) cannot be read: {error}", id="console.E002")]
    return []


@lru_cache(maxsize=4)
def _read(path: Path, written_at: int) -> Record:
    # Not against today's date: a clock that goes back must not take the page away.
    return read(yaml.safe_load(path.read_text(encoding="utf-8")), today=date.max)
