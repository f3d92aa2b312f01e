"""Beginning: a new procedure, a copy, the draft of one in service; and giving a draft up."""

import copy as copies
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Team
from etoile.gru.forms.blocks import block
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.models import Procedure, ProcedureState, ProcedureVersion, VersionState
from etoile.gru.forms.recording import record
from etoile.gru.forms.services import load

LONGEST_SLUG = 60


@transaction.atomic
def create(authority: Authority, *, title: dict[str, str], team: Team, by: Account | None) -> ProcedureVersion:
    """An empty procedure with what each needs: a first page to write, and the page that says who asks."""
    source = {
        "slug": fresh_slug(authority, title["fr"]),
        "title": title,
        "team": team.slug,
        "treatment": "team",
        "pages": [
            {
                "id": "votre-demande",
                "title": {"fr": "Votre demande", "en": "Your request"},
                "sections": [{"id": "demande", "fields": []}],
            },
            copies.deepcopy(block("applicant")),
        ],
    }
    return _begun(load(authority, source), "created", by)


@transaction.atomic
def copy(version: ProcedureVersion, *, title: dict[str, str], by: Account | None) -> ProcedureVersion:
    """Another procedure with the same questions, at its own address."""
    authority = version.procedure.authority
    source = {**copies.deepcopy(version.source), "slug": fresh_slug(authority, title["fr"]), "title": title}
    subject = {"kind": "procedure", "id": version.procedure.slug, "name": version.title}
    return _begun(load(authority, source), "copied", by, subject)


@transaction.atomic
def bring(
    authority: Authority,
    given: Mapping[str, Any],
    *,
    team: Team | None = None,
    title: dict[str, str] | None = None,
    into: Procedure | None = None,
    by: Account | None,
    why: str = "",
) -> ProcedureVersion:
    """A procedure that comes from a file: a new one, at an address that nobody has, or the next version of `into`.

    `team` takes the place of those that this authority has not. Raises `DefinitionError`.
    """
    source = copies.deepcopy(dict(given))
    if title:
        source["title"] = title
    name = source.get("title")
    words = name.get("fr", "") if isinstance(name, Mapping) else str(name or "")
    source["slug"] = into.slug if into is not None else fresh_slug(authority, str(source.get("slug") or words))
    if team is not None:
        source["team"] = team.slug
        known = set(Team.objects.filter(authority=authority).values_list("slug", flat=True))
        for route in source.get("routing") or []:
            if isinstance(route, dict) and route.get("team") not in known:
                route["team"] = team.slug
    version = load(authority, source)
    record(version, "imported", by=by, why=why)
    return version


@transaction.atomic
def open_draft(procedure: Procedure, *, by: Account | None) -> ProcedureVersion:
    """The draft of a procedure: the one there is, or a new one with what is in service."""
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("current").get(pk=procedure.pk)
    draft = procedure.versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    current = procedure.current
    if current is None or procedure.state == ProcedureState.ARCHIVED:
        raise EditRefused([_("Cette démarche est archivée : copiez-la pour en faire une nouvelle.")])
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    draft = ProcedureVersion.objects.create(
        procedure=procedure, number=last + 1, source=current.source, digest=current.digest, title=current.title
    )
    return _begun(draft, "opened", by)


@transaction.atomic
def discard(procedure: Procedure, *, by: Account | None, why: str = "") -> None:
    """Give the draft up: what is in service stays. A procedure never published goes away whole, with its history."""
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    draft = procedure.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        return
    if procedure.current_id is None:
        draft.delete()
        procedure.delete()
        return
    record(draft, "discarded", by=by, why=why)
    draft.delete()


def fresh_slug(authority: Authority, title: str) -> str:
    base = slugify(title)[:LONGEST_SLUG].strip("-") or "demarche"
    taken = set(Procedure.objects.filter(authority=authority, slug__startswith=base).values_list("slug", flat=True))
    number, found = 2, base
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def _begun(
    version: ProcedureVersion, verb: str, by: Account | None, subject: dict[str, Any] | None = None
) -> ProcedureVersion:
    record(version, verb, by=by, subject=subject)
    return version
