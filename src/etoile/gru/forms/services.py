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
from etoile.gru.forms.exchange import canonical
from etoile.gru.forms.models import Procedure, ProcedureState, ProcedureVersion, VersionState
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.forms.publication import Missing, missing
from etoile.gru.forms.recording import record
from etoile.gru.forms.tables import choosing


class NotPublishable(Exception):
    """Something is missing; `missing` lists all of it, with the place where each is mended."""

    def __init__(self, slug: str, found: list[Missing]) -> None:
        title = _("La démarche « %(name)s » ne peut être publiée :") % {"name": slug}
        super().__init__("\n".join([title, *(f"- {each}" for each in found)]))
        self.slug, self.missing = slug, found


class Moved(Exception):
    """The draft is no longer the one that was checked."""


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
def publish(
    version: ProcedureVersion, *, by: Account | None = None, why: str = "", revision: int | None = None
) -> ProcedureVersion:
    """Put a draft in service; a published version is returned as it is. `why` is kept in the history.

    `revision`: the one that was checked; `Moved` when the draft has changed since. Raises `NotPublishable` with the
    complete list.
    """
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("authority").get(versions=version.pk)
    version = ProcedureVersion.objects.get(pk=version.pk)
    if version.state == VersionState.PUBLISHED:
        return version
    if revision is not None and version.revision != revision:
        raise Moved
    definition = version.definition
    found = [*missing(definition), *choosing.lacking(procedure.authority.pk, definition)]
    if found:
        raise NotPublishable(procedure.slug, found)
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, timezone.now(), by
    version.save(update_fields=["state", "published_at", "published_by"])
    procedure.team = team_of(procedure.authority, definition)
    procedure.current = version
    _change_state(procedure, ProcedureState.PUBLISHED)
    record(version, "published", by=by, why=why)
    return version


@transaction.atomic
def close(
    procedure: Procedure, *, reason: str, replacement: Procedure | None = None, by: Account | None = None
) -> Procedure:
    """No new request; those in progress go on. The reason is shown to whoever still has the address."""
    procedure = _locked(procedure)
    if procedure.state != ProcedureState.PUBLISHED:
        raise ProcedureRefused(_("Seule une démarche publiée peut être fermée."))
    if not reason.strip():
        raise ProcedureRefused(
            _("Indiquez pourquoi la démarche est fermée : les personnes qui ont gardé son adresse le liront.")
        )
    others = Procedure.objects.filter(authority=procedure.authority, state=ProcedureState.PUBLISHED).exclude(
        pk=procedure.pk
    )
    if replacement is not None and not others.filter(pk=replacement.pk).exists():
        raise ProcedureRefused(_("La démarche qui remplace celle-ci doit être une autre démarche publiée."))
    _change_state(procedure, ProcedureState.CLOSED, reason=reason.strip(), replacement=replacement)
    _told(procedure, "closed", by, reason)
    return procedure


@transaction.atomic
def reopen(procedure: Procedure, *, by: Account | None = None, why: str = "") -> Procedure:
    """A closed procedure takes requests again, in the version it had."""
    procedure = _locked(procedure)
    if procedure.state != ProcedureState.CLOSED:
        raise ProcedureRefused(_("Seule une démarche fermée peut être rouverte."))
    _change_state(procedure, ProcedureState.PUBLISHED)
    _told(procedure, "reopened", by, why)
    return procedure


@transaction.atomic
def archive(procedure: Procedure, *, by: Account | None = None, why: str = "") -> Procedure:
    """Out of every list; its page says nothing more. Its versions, its cases and its history stay."""
    procedure = _locked(procedure)
    if procedure.state != ProcedureState.CLOSED:
        raise ProcedureRefused(_("Fermez d’abord la démarche : ses visiteurs liront pourquoi. Archivez-la ensuite."))
    ProcedureVersion.objects.filter(procedure=procedure, state=VersionState.DRAFT).delete()
    _change_state(
        procedure, ProcedureState.ARCHIVED, reason=procedure.closing_reason, replacement=procedure.replacement
    )
    _told(procedure, "archived", by, why)
    return procedure


def _locked(procedure: Procedure) -> Procedure:
    return Procedure.objects.select_for_update(of=("self",)).select_related("current", "authority").get(pk=procedure.pk)


def _change_state(
    procedure: Procedure, state: ProcedureState, *, reason: str = "", replacement: Procedure | None = None
) -> None:
    procedure.state, procedure.closing_reason, procedure.replacement = state, reason, replacement
    procedure.save(update_fields=["team", "current", "state", "closing_reason", "replacement"])


def _told(procedure: Procedure, verb: str, by: Account | None, why: str) -> None:
    if procedure.current is not None:
        record(procedure.current, verb, by=by, why=why)


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
    """What tells two procedures apart, however they are written: SHA-256 of the canonical form. The source parses."""
    return hashlib.sha256(json.dumps(canonical(source), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
