"""POST /inbox/: always a small JSON answer, never a page."""

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from etoile.contract.envelope import STRUCTURED, EnvelopeError, Event
from etoile.contract.problem import MEDIA_TYPE, Problem, Violation
from etoile.contract.signature import SignatureError, verify
from etoile.gru.inbox import services
from etoile.gru.inbox.fetching import NotNow

log = structlog.get_logger(__name__)

LIMIT = 1024 * 1024


@csrf_exempt
def receive(request: HttpRequest) -> JsonResponse:
    """One structured CloudEvent, signed. 202 recorded (`state` says what it did), 200 already known.

    The signature proves who sends: it is checked before anything in the body is believed.
    """
    if request.method != "POST":
        answer = _refuse("method-not-allowed", "Only POST is answered here", 405)
        answer["Allow"] = "POST"
        return answer
    if request.content_type != STRUCTURED:
        return _refuse("unsupported-media-type", f"Send {STRUCTURED}", 415)
    body = _body(request)
    if body is None:
        return _refuse("too-large", f"A message is at most {LIMIT} bytes", 413)
    try:
        verify(settings.INBOX_SECRET, request.headers, body)
        event = Event.from_json(body)
        state = services.receive(event)
    except SignatureError as error:
        log.warning("inbox_forged")
        return _refuse("unauthorized", "The signature is missing, too old or wrong", 401, str(error))
    except EnvelopeError as error:
        return _refuse("invalid-envelope", "This is not a message of the contract", 422, errors=error.violations)
    except services.Invalid as error:
        return _refuse("invalid-data", "The data does not follow its schema", 422, errors=error.violations)
    except services.OtherContent:
        return _refuse("conflict", "This source and id were received with another content", 409)
    except NotNow as error:
        log.warning("inbox_document_unread", why=str(error))
        answer = _refuse("unavailable", "The document could not be read; send the message again", 503)
        answer["Retry-After"] = "60"
        return answer
    except DatabaseError:
        log.exception("inbox_database")
        answer = _refuse("unavailable", "The message could not be stored; send it again", 503)
        answer["Retry-After"] = "5"
        return answer
    return JsonResponse({"id": event.id, "state": state}, status=200 if state == "duplicate" else 202)


receive.guarded = "signature"


def _body(request: HttpRequest) -> bytes | None:
    try:
        declared = int(request.headers.get("Content-Length") or 0)
        return None if declared > LIMIT else request.body
    except (RequestDataTooBig, ValueError):
        return None


def _refuse(kind: str, title: str, status: int, detail: str = "", errors: Sequence[Violation] = ()) -> JsonResponse:
    problem = Problem(kind, title, status, detail, errors=errors)
    return JsonResponse(problem.to_dict(), status=status, content_type=MEDIA_TYPE)
