from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from etoile.contract import schemas
from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.catalogue.models import MessageType
from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.shapes import ApplicationList, Catalogue, SubscriptionList
from etoile.hub.registry.models import Application, Direction, Interface

router = Router()


@router.get("/catalogue", response=Catalogue, auth=None, by_alias=True, tags=["catalogue"], summary="Kinds of event")
def catalogue(request: HttpRequest) -> dict[str, Any]:
    """Every type the hub carries, with its JSON Schema and an example. Anyone may read it."""
    return {"items": [_described(each) for each in MessageType.objects.all()]}


@router.get("/applications", response=ApplicationList, auth=OAuth2("registry:read"), tags=["registry"])
def applications(request: HttpRequest) -> dict[str, Any]:
    """Who is plugged into the hub, and by which contract."""
    declared: dict[tuple[int, str], list[str]] = {}
    for id, direction, type in Interface.objects.values_list("application", "direction", "message_type__type"):
        declared.setdefault((id, direction), []).append(type)
    return {
        "items": [
            _plugged(each, declared.get((each.pk, Direction.OUT), []), declared.get((each.pk, Direction.IN), []))
            for each in Application.objects.prefetch_related("authorities")
        ]
    }


@router.get("/subscriptions", response=SubscriptionList, auth=OAuth2("registry:read"), tags=["registry"])
def subscriptions(request: HttpRequest) -> dict[str, Any]:
    """What each application receives. Neither settings nor secrets of connectors are shown."""
    with connection.cursor() as cursor:
        _, snapshot = known(request, cursor)
    return {
        "items": [
            {
                "slug": each.slug,
                "application": each.application.slug,
                "type": each.message_type,
                "filter": each.filter,
                "fields_allowed": list(each.fields),
                "connector": each.connector,
                "active": each.active,
                "ordered": each.ordered,
                "pull": each.pull,
            }
            for each in snapshot.subscriptions.values()
        ]
    }


def _plugged(application: Application, emits: list[str], receives: list[str]) -> dict[str, Any]:
    return {
        "authorities": sorted(each.siret for each in application.authorities.all()),
        "emits": sorted(emits),
        "receives": sorted(receives),
        **{
            name: getattr(application, name)
            for name in ("slug", "name", "vendor", "domain", "sector", "environment", "answerable", "is_active")
        },
    }


def _described(row: MessageType) -> dict[str, Any]:
    schema, example = _contract(row.type)
    return {
        "type": row.type,
        "version": row.version,
        "title": {"fr": row.title_fr, "en": row.title_en},
        "in_force": row.in_force,
        "schema": schema,
        "example": example,
    }


@cache
def _contract(type: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if type not in MESSAGE_TYPES:
        return None, None
    return schemas.schema(type), schemas.example(type).to_dict()
