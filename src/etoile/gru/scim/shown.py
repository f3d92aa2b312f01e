"""What is answered: resources of RFC 7643, messages of RFC 7644."""

from collections.abc import Sequence
from typing import Any

from django.http import JsonResponse

from etoile.gru.access.models import Account
from etoile.gru.scim.asked import User

MEDIA_TYPE = "application/scim+json"
CORE = "urn:ietf:params:scim:schemas:core:2.0"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
MOST = 200


def answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    found = JsonResponse(told, status=status, content_type=MEDIA_TYPE)
    found["Cache-Control"] = "no-store"
    return found


def error(status: int, detail: str, kind: str = "") -> JsonResponse:
    told = {"schemas": [f"{MESSAGES}:Error"], "status": str(status), "detail": detail}
    return answer(told | ({"scimType": kind} if kind else {}), status)


def outside_of(account: Account) -> str:
    """How the directory numbers them; `account` is read with its link."""
    link = getattr(account, "directory", None)
    return str(link.outside) if link is not None else ""


def as_user(account: Account) -> User:
    return User(account.email, outside_of(account), account.given_name, account.family_name, account.is_active)


def user(account: Account, base: str) -> dict[str, Any]:
    outside = outside_of(account)
    return {
        "schemas": [f"{CORE}:User"],
        "id": str(account.pk),
        **({"externalId": outside} if outside else {}),
        "userName": account.email,
        "name": {"givenName": account.given_name, "familyName": account.family_name},
        "emails": [{"value": account.email, "type": "work", "primary": True}],
        "active": account.is_active,
        "meta": {
            "resourceType": "User",
            "created": account.created_at.isoformat(),
            "location": f"{base}/Users/{account.pk}",
        },
    }


def listed(rows: Sequence[dict[str, Any]], total: int, start: int) -> dict[str, Any]:
    return {
        "schemas": [f"{MESSAGES}:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": list(rows),
    }


def configuration(base: str) -> dict[str, Any]:
    """RFC 7643, 5."""
    absent = {"supported": False}
    return {
        "schemas": [f"{CORE}:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": absent,
        "sort": absent,
        "etag": absent,
        "authenticationSchemes": [
            {"type": "oauthbearertoken", "name": "Bearer", "description": "The token of GRU_DIRECTORY_SCIM_TOKEN."}
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def resource_type(base: str) -> dict[str, Any]:
    """RFC 7643, 6."""
    return {
        "schemas": [f"{CORE}:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": f"{CORE}:User",
        "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
    }


def schema(base: str) -> dict[str, Any]:
    """RFC 7643, 7: what is kept, and no more."""
    name = [_attribute("givenName"), _attribute("familyName")]
    return {
        "schemas": [f"{CORE}:Schema"],
        "id": f"{CORE}:User",
        "name": "User",
        "attributes": [
            _attribute("userName", required=True, uniqueness="server"),
            _attribute("name", type="complex", subAttributes=name),
            _attribute("active", type="boolean"),
        ],
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{CORE}:User"},
    }


def _attribute(name: str, **changed: Any) -> dict[str, Any]:
    usual = {
        "type": "string",
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    return {"name": name, **usual, **changed}
