"""/openapi.json and /docs: what the framework knows of the operations, and the hot path that goes round it."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from pydantic.json_schema import models_json_schema

from etoile.contract.envelope import BATCH, STRUCTURED
from etoile.contract.problem import MEDIA_TYPE
from etoile.contract.schemas import MESSAGE_TYPES, example
from etoile.hub.intake.api import api, scopes
from etoile.hub.intake.shapes import Accepted, AcceptedBatch, Problem

PUBLISHING_ERRORS = {
    400: "The body is not an event of the contract.",
    401: "No token, or not a valid one.",
    403: "The scope, the source, the authority or the type is not the application's.",
    409: "The source and the id are taken by an event of other content.",
    413: "More than 1 MiB, or 4 MiB and 100 events for a batch.",
    415: "Neither a structured event, nor a batch, nor JSON with ce-* headers.",
    422: "The type is not in the contract, or the data does not follow its schema.",
    503: "The hub cannot answer; nothing was stored.",
}
REF = "#/components/schemas/{model}"


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_document(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    settings = {"url": reverse("openapi"), "layout": "BaseLayout", "deepLinking": True}
    return render(request, "ninja/swagger.html", {"api": api, "swagger_settings": json.dumps(settings)})


@cache
def _document() -> str:
    document = dict(api.get_openapi_schema(path_prefix="/v1/"))
    _, shapes = models_json_schema(
        [(each, "serialization") for each in (Accepted, AcceptedBatch, Problem)], ref_template=REF
    )
    document["components"]["schemas"] = {
        **document["components"].get("schemas", {}),
        **shapes["$defs"],
        "Event": _event(),
    }
    document["paths"] = {"/v1/events": {"post": _publishing()}, **document["paths"]}
    needed = scopes()
    for path in document["paths"].values():
        for operation in path.values():
            if operation["operationId"] in needed:
                operation["security"] = [{"OAuth2": [needed[operation["operationId"]]]}]
            operation["responses"].setdefault("default", _problem("A problem."))
    return json.dumps(document, ensure_ascii=False)


def _publishing() -> dict[str, Any]:
    event: dict[str, Any] = {"$ref": REF.format(model="Event")}
    one = {"schema": event, "example": example(MESSAGE_TYPES[0]).to_dict()}
    batch = {"schema": {"type": "array", "items": event, "minItems": 1, "maxItems": 100}}
    data = {"schema": {"type": "object", "description": "`data`; the attributes are in ce-* headers."}}
    both = {"oneOf": [{"$ref": REF.format(model=name)} for name in ("Accepted", "AcceptedBatch")]}
    return {
        "operationId": "publish",
        "summary": "Publish an event, or a batch",
        "description": "202 once the event and its deliveries are on disk. The source and the id are the key: the same"
        " event again is a duplicate, and does nothing. A batch is all or nothing.",
        "tags": ["events"],
        "security": [{"OAuth2": ["events:write"]}],
        "requestBody": {"required": True, "content": {STRUCTURED: one, BATCH: batch, "application/json": data}},
        "responses": {
            "202": {"description": "Accepted.", "content": {"application/json": {"schema": both}}},
            **{str(status): _problem(words) for status, words in PUBLISHING_ERRORS.items()},
        },
    }


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}}


def _event() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    properties = {
        "specversion": {"const": "1.0"},
        "id": text,
        "source": {**text, "description": "The slug of your application."},
        "type": {"enum": list(MESSAGE_TYPES)},
        "subject": {**text, "description": "What the event is about: events of one subject are delivered in order."},
        "time": {"type": "string", "format": "date-time"},
        "authority": {"type": "string", "pattern": "^[0-9]{14}$", "description": "SIRET of the local authority."},
        "data": {"type": "object", "description": "By type: see /v1/catalogue."},
        "sequence": {"type": "integer", "minimum": 0},
        "correlationid": text,
        "dataschema": text,
        "datacontenttype": {"const": "application/json"},
    }
    required = ["specversion", "id", "source", "type", "subject", "time", "authority", "data"]
    return {"type": "object", "title": "CloudEvents 1.0", "properties": properties, "required": required}
