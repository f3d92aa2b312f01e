"""The only writer of procedures and of their versions."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Team
from etoile.gru.forms.definition import Definition, DefinitionError
from etoile.gru.forms.models import Procedure, ProcedureState, ProcedureVersion, VersionState
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.forms.publication import missing


class NotPublishable(Exception):
    """What the law wants is missing; `missing` lists all of it, in French."""

    def __init__(self, slug: str, found: list[str]) -> None:
        super().__init__(f"La démarche « {slug} » ne peut être publiée :\n" + "\n".join(f"- {each}" for each in found))
        self.slug, self.missing = slug, found


class ProcedureRefused(Exception):
    """A change of state that makes no sense, in French."""


@transaction.atomic
def load(authority: Authority, raw: Mapping[str, Any]) -> ProcedureVersion:
    """Keep a definition as the draft of its procedure. Raises `DefinitionError`.

    The same content as the published version changes nothing and returns that version: loading twice is loading once.
    """
    source = expanded(raw)
    definition = parse(source)
    team = team_of(authority, definition)
    digest = digest_of(source)
    procedure, _created = Procedure.objects.select_for_update(of=("self",)).get_or_create(
        authority=authority, slug=definition.slug, defaults={"team": team}
    )
    current = procedure.current
    if current is not None and current.digest == digest:
        ProcedureVersion.objects.filter(procedure=procedure, state=VersionState.DRAFT).delete()
        return current
    published = ProcedureVersion.objects.filter(procedure=procedure, state=VersionState.PUBLISHED)
    number = (published.aggregate(last=Max("number"))["last"] or 0) + 1
    draft, created = ProcedureVersion.objects.update_or_create(
        procedure=procedure,
        state=VersionState.DRAFT,
        defaults={"number": number, "source": source, "digest": digest, "title": definition.title.raw()},
    )
    if not created:
        draft.revision += 1
        draft.save(update_fields=["revision"])
    return draft


@transaction.atomic
def publish(version: ProcedureVersion, *, by: Account | None = None) -> ProcedureVersion:
    """Put a draft in service. Raises `NotPublishable` with the complete list; a published version is returned as it
    is.
    """
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("authority").get(versions=version.pk)
    version = ProcedureVersion.objects.get(pk=version.pk)
    if version.state == VersionState.PUBLISHED:
        return version
    definition = version.definition
    found = missing(definition)
    if found:
        raise NotPublishable(procedure.slug, found)
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, timezone.now(), by
    version.save(update_fields=["state", "published_at", "published_by"])
    procedure.team = team_of(procedure.authority, definition)
    procedure.current, procedure.state, procedure.closing_reason = version, ProcedureState.PUBLISHED, ""
    procedure.replacement = None
    procedure.save(update_fields=["team", "current", "state", "closing_reason", "replacement"])
    return version


@transaction.atomic
def close(procedure: Procedure, *, reason: str, replacement: Procedure | None = None) -> Procedure:
    """No new request; those in progress go on. The reason is shown to whoever still has the address."""
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    if procedure.state != ProcedureState.PUBLISHED:
        raise ProcedureRefused(_("Seule une démarche publiée peut être fermée."))
    if not reason.strip():
        raise ProcedureRefused(
            _("Indiquez pourquoi la démarche est fermée : les personnes qui ont gardé son adresse le liront.")
        )
    procedure.state, procedure.closing_reason, procedure.replacement = (
        ProcedureState.CLOSED,
        reason.strip(),
        replacement,
    )
    procedure.save(update_fields=["state", "closing_reason", "replacement"])
    return procedure


def team_of(authority: Authority, definition: Definition) -> Team:
    """The usual team; those that a route names must exist too. Raises `DefinitionError`, with the teams there are."""
    known = {team.slug: team for team in Team.objects.filter(authority=authority).order_by("slug")}
    names = ", ".join(known) or "aucun"
    problems = [
        f"team : le service « {slug} » n'existe pas (services connus : {names})"
        for slug in definition.teams
        if slug not in known
    ]
    if problems:
        raise DefinitionError(problems)
    return known[definition.team]


def digest_of(source: Any) -> str:
    """What tells two sources apart: SHA-256 of their canonical JSON."""
    return hashlib.sha256(json.dumps(source, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
