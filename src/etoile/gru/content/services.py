"""The only writer of the content of a town."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from etoile.gru.access.models import Authority, Team
from etoile.gru.content.definition import TownContent
from etoile.gru.content.models import Content
from etoile.gru.content.parsing import ContentError, parse, storable
from etoile.gru.forms.models import Procedure


@dataclass(frozen=True, slots=True)
class Kept:
    content: TownContent
    changed: bool


@transaction.atomic
def keep(authority: Authority, raw: Mapping[str, Any]) -> Kept:
    """Replace the whole content. Raises `ContentError` (nothing is changed); the same content again changes nothing.

    An alert in force stays when `raw` says nothing of it: it may have been put since by someone who could not wait for
    a file. `alert: null` takes it away.
    """
    known, source = _locked(authority), storable(raw)
    if known is not None and isinstance(source, dict) and "alert" not in source and "alert" in known.source:
        source["alert"] = known.source["alert"]
    content = parse(source)
    problems = _unknown(authority, content)
    if problems:
        raise ContentError(problems)
    return _written(authority, known, source, content)


@transaction.atomic
def put_alert(authority: Authority, alert: Mapping[str, Any] | None) -> Kept:
    """Show this alert and no other, or none. Raises `ContentError`, for the alert alone: the rest does not delay it."""
    known = _locked(authority)
    source = {key: value for key, value in (known.source if known else {}).items() if key != "alert"}
    if alert is not None:
        source["alert"] = storable(alert)
    return _written(authority, known, source, parse(source))


def _locked(authority: Authority) -> Content | None:
    """The row, held; the authority's own when there is none yet, so that two first writers wait for each other."""
    Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    return Content.objects.filter(authority=authority).first()


def _written(authority: Authority, known: Content | None, source: Any, content: TownContent) -> Kept:
    digest = digest_of(source)
    if known is not None and known.digest == digest:
        return Kept(content, changed=False)
    values = {"source": source, "digest": digest, "updated_at": timezone.now()}
    Content.objects.update_or_create(authority=authority, defaults=values)
    return Kept(content, changed=True)


def digest_of(source: Any) -> str:
    return hashlib.sha256(json.dumps(source, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _unknown(authority: Authority, content: TownContent) -> list[str]:
    """Procedures and services named by the content that the authority does not have."""
    slugs = set(Procedure.objects.filter(authority=authority).values_list("slug", flat=True))
    teams = set(Team.objects.filter(authority=authority).values_list("slug", flat=True))
    problems = [
        f"life_events[{event.id}].procedures : démarche inconnue « {slug} »"
        for event in content.life_events
        for slug in event.procedures
        if slug not in slugs
    ]
    known = ", ".join(sorted(teams)) or "aucun"
    problems += [
        f"places[{place.id}].teams : service inconnu « {slug} » (services connus : {known})"
        for place in content.places
        for slug in place.teams
        if slug not in teams
    ]
    return problems
