"""Idempotency-Key: the same key and body give the same answer, for a day; the same key with another body is refused."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status

from etoile.gru.access.models import ApiClient
from etoile.gru.api import acting
from etoile.gru.api.models import KeptAnswer
from etoile.gru.api.problems import Refusal
from etoile.gru.api.security import allowed

KEPT = timedelta(hours=24)
LONGEST = 200


def once(client: ApiClient, key: str, asked: str, make: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """The answer of `make`, run once for this key; with False, it was kept from before. `asked` is the whole request.

    The key, the work and the answer are one transaction: a crash leaves none of them, a refusal keeps nothing.
    A twin that arrives meanwhile waits for the first one, then gets its answer.
    """
    if not key or len(key) > LONGEST:
        raise Refusal(
            400,
            "idempotency-key",
            "L'en-tête Idempotency-Key est nécessaire",
            f"Donnez un identifiant unique pour cette écriture, de {LONGEST} caractères au plus.",
        )
    digest = hashlib.sha256(asked.encode()).digest()
    with transaction.atomic():
        if not _reserve(client, key, digest):
            return _kept(client, key, digest), False
        made = make()
        KeptAnswer.objects.filter(client=client, key=key).update(status=201, body=json.dumps(made, ensure_ascii=False))
    return made, True


def answer(
    request: HttpRequest, client: ApiClient, make: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], HttpResponse]:
    """`once` for the key of this request, and the 201 that says it."""
    made, _fresh = once(client, request.headers.get("Idempotency-Key", ""), _sent(request), make)
    return made, HttpResponse(json.dumps(made, ensure_ascii=False), status=201, content_type="application/json")


def repeatable(view: Callable[..., Any]) -> Callable[..., Any]:
    """An act under `If-Match` that a client may also give a key: sent again with it after a cut, it has the answer and
    the ETag of the first time, not a refusal for the version that the first time made. The view takes `case_id`, and
    announces the ETag on `response`."""

    @wraps(view)
    def wrapped(request: HttpRequest, response: HttpResponse, **given: Any) -> Any:
        if "Idempotency-Key" not in request.headers:
            return view(request, response, **given)
        acting.case_of(allowed(request), given["case_id"])

        def make() -> dict[str, Any]:
            made = view(request, response, **given)
            shape, status = (made.value, made.status_code) if isinstance(made, Status) else (made, 200)
            return {"status": status, "etag": response["ETag"], "body": plain(shape)}

        kept, _fresh = once(allowed(request).client, request.headers["Idempotency-Key"], _sent(request), make)
        again = HttpResponse(json.dumps(kept["body"], ensure_ascii=False), content_type="application/json")
        again.status_code, again["ETag"] = kept["status"], kept["etag"]
        return again

    return wrapped


def plain(shape: Schema) -> dict[str, Any]:
    """What is kept of an answer: the values of its JSON."""
    values: dict[str, Any] = json.loads(shape.model_dump_json())
    return values


def forget(*, before: datetime) -> int:
    """Remove what was kept longer than a day before that moment."""
    removed, _each = KeptAnswer.objects.filter(created_at__lt=before - KEPT).delete()
    return removed


def _sent(request: HttpRequest) -> str:
    """What tells a request from another. Of a form, what it holds: its body has been read, and its boundaries vary."""
    carried = hashlib.sha256()
    if request.content_type == "multipart/form-data":
        carried.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, uploads in sorted(request.FILES.lists()):
            for each in uploads:
                carried.update(json.dumps([name, each.name, each.size]).encode())
                for chunk in each.chunks():
                    carried.update(chunk)
    else:
        carried.update(request.body)
    return f"{request.method} {request.path}\n{carried.hexdigest()}"


def _reserve(client: ApiClient, key: str, digest: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_kept_answer (client_id, key, digest, status, body) VALUES (%s, %s, %s, 0, '')"
            " ON CONFLICT (client_id, key) DO NOTHING",
            [client.pk, key, digest],
        )
        return cursor.rowcount == 1


def _kept(client: ApiClient, key: str, digest: bytes) -> dict[str, Any]:
    row = KeptAnswer.objects.get(client=client, key=key)
    if bytes(row.digest) != digest:
        raise Refusal(
            422, "idempotency-key", "Cette clé a servi pour une autre écriture", "Prenez une clé par écriture."
        )
    kept: dict[str, Any] = json.loads(row.body)
    return kept
