"""Asking through the hub what a form needs, between two transactions: nothing is held while it answers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.filling.inquiries import Inquiry, inquiry
from etoile.gru.filling.judging import NOTHING, judge, lookups
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields.lookup import FETCHED, UNAVAILABLE, Held, at_path
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.validation import Result
from etoile.gru.lookups.door import Reply, door

MOST_OFFERED = 50
# Of one lookup, for one request being filled: nobody goes through a register by changing a letter.
MOST_ASKED = 30


def due(
    version: ProcedureVersion,
    result: Result,
    kept: Mapping[str, Any],
    pages: Collection[Page],
    again: Collection[str] = (),
) -> list[Inquiry]:
    """The lookups of these pages to ask now, with answers that `result` found right: those never asked so, those whose
    inputs changed, those that are to be tried `again` (by field)."""
    here = {each.id for page in pages for each in page.fields}
    found = []
    for each in lookups(version.definition):
        asked = inquiry(each, version.procedure.slug, result.cleaned) if each.id in here & set(result.visible) else None
        if asked is None:
            continue
        held = kept.get(each.id)
        known = isinstance(held, Mapping) and held.get("asked") == asked.mark
        retry = each.id in again and known and held.get("state") == UNAVAILABLE  # type: ignore[union-attr]
        if (not known or retry) and _times(held) < MOST_ASKED:
            found.append(asked)
    return found


def again(page: Page, pressed: str) -> set[str]:
    """The lookups of a page to try once more when it is sent: the one whose button was `pressed`, and those without
    which nobody goes on."""
    return {each.id for each in page.fields if each.id == pressed or each.settings.get("mandatory") is True}


def ask(inquiries: Sequence[Inquiry], kept: Mapping[str, Any] = NOTHING) -> dict[str, Held]:
    """What to hold of each, by field. Called outside any transaction; never raises for what the hub does."""
    if not inquiries:
        return {}
    replies = door().ask([each.question for each in inquiries])
    return {
        each.field.id: _held(each, reply, _times(kept.get(each.field.id)) + 1)
        for each, reply in zip(inquiries, replies, strict=True)
    }


def for_program(version: ProcedureVersion, posted: Mapping[str, Any]) -> dict[str, Held]:
    """What the hub says of the answers of a program, by field; to be judged with them. Outside any transaction."""
    if not any(lookups(version.definition)):
        return {}
    return ask(due(version, judge(version, {}, posted), {}, version.definition.pages))


def _times(held: Any) -> int:
    return int(held.get("times", 0)) if isinstance(held, Mapping) else 0


def _held(asked: Inquiry, reply: Reply, times: int) -> Held:
    base: dict[str, Any] = {"asked": asked.mark, "times": times}
    choose = asked.field.settings.get("choose")
    if reply.result != "found":
        return Held(base, state=UNAVAILABLE, at=_now(), message=reply.message, instead=reply.instead)
    at = reply.at or _now()
    if not choose:
        return Held(base, state=FETCHED, at=at, data=reply.data or {})
    items = at_path(reply.data, choose["from"])
    offered = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    if not offered:
        return Held(base, state=UNAVAILABLE, at=at, message=_("Rien ne correspond à ce que vous avez écrit."))
    chosen = {"data": offered[0]} if len(offered) == 1 else {}
    return Held(base, state=FETCHED, at=at, offered=offered[:MOST_OFFERED], **chosen)


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")
