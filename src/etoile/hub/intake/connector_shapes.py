"""What the API says of an installed connector."""

from datetime import date
from typing import Any, Literal

from ninja import Schema

from etoile.hub.registry.installed import Installed
from etoile.sdk.conformance.badge import Badge


class BadgeOut(Schema):
    """What the conformance suite found. `checks`: passed, failed, untested or unconcerned, by name. `folder_sha256`: of
    the folder that was tested."""

    date: date
    result: Literal["passed", "incomplete", "failed"]
    version: str
    application_versions: list[str]
    sdk: str
    checks: dict[str, str]
    folder_sha256: str
    changed: bool


class ConnectorOut(Schema):
    """A manifest, and its badge (None: never tested, or unreadable)."""

    name: str
    title: dict[str, str]
    description: dict[str, str] | None
    vendor: str | None
    domain: str
    protocol: str
    versions: list[str]
    maintainer: str
    licence: str
    rgi_profile: str | None
    capabilities: list[str]
    limits: dict[str, Any]
    standing: Literal["passed", "incomplete", "failed", "never", "unreadable"]
    badge: BadgeOut | None

    @classmethod
    def of(cls, each: Installed) -> "ConnectorOut":
        manifest = each.manifest.model_dump(exclude={"spoken", "documentation"})
        manifest["capabilities"] = sorted(manifest["capabilities"])
        manifest["limits"] = each.manifest.limits.model_dump(exclude_none=True)
        badge = _badge(each.badge, each.changed) if each.badge else None
        return cls(**manifest, standing=each.standing, badge=badge)


class ConnectorList(Schema):
    items: list[ConnectorOut]


def _badge(badge: Badge, changed: bool) -> BadgeOut:
    return BadgeOut(
        date=badge.date,
        result=badge.result,
        version=badge.version,
        application_versions=list(badge.application_versions),
        sdk=badge.sdk,
        checks=badge.checks,
        folder_sha256=badge.folder_sha256,
        changed=changed,
    )
