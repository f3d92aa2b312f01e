"""What the signatures of the operations do not say by themselves: headers, problems, scopes, examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from ninja.operation import Operation

from etoile.gru.api.examples import EXAMPLES
from etoile.gru.api.kinds import KINDS, URN
from etoile.gru.api.problems import MEDIA_TYPE
from etoile.gru.api.security import Needs

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Un identifiant unique : la même requête avec la même clé donne la même réponse, pendant un jour.",
    "example": "9f1c2d6e-0b1a-4d9c-8a57-3f1b3f7e2a10",
}
MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "L'ETag de la demande telle qu'elle a été lue, ou *.",
    "example": '"3"',
}
NONE_MATCH = {**MATCH, "name": "If-None-Match", "required": False, "description": "304 si la demande n'a pas changé."}
ONCE: dict[str, Any] = {"parameters": [KEY]}
MAY_KEY = {**KEY, "required": False, "description": f"Facultatif ici. {KEY['description']}"}
MATCHED: dict[str, Any] = {"parameters": [MATCH, MAY_KEY]}
MATCHED_ONLY: dict[str, Any] = {"parameters": [MATCH]}
READ: dict[str, Any] = {"parameters": [NONE_MATCH], "responses": {304: {"description": "Not Modified"}}}
FILE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}

# What gives a file that may have to stay closed, or is not ready.
CLOSED = frozenset({"read_document", "read_opinion_document", "read_export_file"})
WORDS = {
    400: "La requête ne se lit pas, ou un en-tête manque.",
    401: "Il faut un jeton valide.",
    403: "Le jeton, ou l'agent nommé, n'a pas ce droit.",
    404: "Rien à cette adresse, ou rien que ce client puisse lire.",
    409: "Pas possible dans l'état de la demande.",
    412: "La demande a changé depuis qu'elle a été lue.",
    413: "Le corps de la requête est trop volumineux.",
    422: "Une valeur n'a pas la forme attendue ; `errors` dit laquelle.",
    428: "L'en-tête If-Match est nécessaire.",
    429: "Trop de requêtes ; `Retry-After` dit quand revenir.",
}
PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Ne change pas : c'est ce qu'un programme compare.",
            "oneOf": [{"const": f"{URN}{kind}", "description": said} for kind, said in KINDS.items()],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer dans le corps."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
TAG = {"schema": {"type": "string"}, "description": "La version de la demande, à redonner dans If-Match."}
LIMIT_HEADERS = {
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "Le nombre de requêtes par minute."},
    "RateLimit": {"schema": {"type": "string"}, "description": "Ce qu'il en reste, et dans combien de secondes tout."},
}


def complete(schema: dict[str, Any], operations: Mapping[str, Operation]) -> None:
    """Finish the description that the signatures gave, in place. `operations` by identifier."""
    schema["components"]["schemas"]["Problem"] = PROBLEM
    schema["components"]["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    # A whole address: OpenAPI wants one.
                    "tokenUrl": f"{settings.PUBLIC_URL}/api/oauth/token",
                    "scopes": settings.OAUTH2_PROVIDER["SCOPES"],
                }
            },
        }
    }
    for path, methods in schema["paths"].items():
        for method, each in methods.items():
            _complete(each, path, method, _scope(operations[each["operationId"]]))


def _complete(each: dict[str, Any], path: str, method: str, scope: str) -> None:
    each["security"] = [{"oauth2": [scope]}]
    for parameter in each["parameters"]:
        _without_null(parameter["schema"])
    if "multipart/form-data" in each.get("requestBody", {}).get("content", {}):
        body = each["requestBody"]["content"]["multipart/form-data"]["schema"]
        optional = {name for name, said in body["properties"].items() if "default" in said or "anyOf" in said}
        body["required"] = sorted(set(body["properties"]) - optional)
        for said in body["properties"].values():
            _without_null(said)
    for status in sorted(set(_statuses(each, path, method))):
        each["responses"][status] = {
            "description": WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    for status, answer in each["responses"].items():
        answer["headers"] = dict(LIMIT_HEADERS) if status != 401 else {}
        if status in (200, 201, 304) and _tells_version(each):
            answer["headers"]["ETag"] = TAG
    for kind, example in EXAMPLES.get(each["operationId"], {}).items():
        place = (
            each["requestBody"] if kind == "request" else each["responses"][201 if 201 in each["responses"] else 200]
        )
        for said in place["content"].values():
            said["example"] = example


def _statuses(each: Mapping[str, Any], path: str, method: str) -> Iterator[int]:
    headers = {parameter["name"] for parameter in each["parameters"] if parameter["in"] == "header"}
    yield from (401, 403, 429)
    if each["parameters"] or "requestBody" in each:
        yield 422
    if "{" in path or each["operationId"] in {"create_case", "create_draft"}:
        yield 404
    if "requestBody" in each:
        yield from (400, 413)
    if MATCH["name"] in headers:
        yield from (412, 428)
    if (method != "get" and "procedures" not in path) or each["operationId"] in CLOSED:
        yield 409


def _tells_version(each: Mapping[str, Any]) -> bool:
    names = {parameter["name"] for parameter in each["parameters"]}
    return bool(names & {MATCH["name"], NONE_MATCH["name"]}) or each["operationId"] == "create_case"


def _without_null(said: dict[str, Any]) -> None:
    """What is absent from an address or a form is not written `null`."""
    if "anyOf" in said:
        kept = [each for each in said.pop("anyOf") if each.get("type") != "null"]
        said.update(kept[0] if len(kept) == 1 else {"anyOf": kept})
        if said.get("default", ...) is None:
            del said["default"]


def _scope(operation: Operation) -> str:
    return next(auth.scope for auth in operation.auth_callbacks if isinstance(auth, Needs))
