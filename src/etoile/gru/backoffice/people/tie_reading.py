"""The ties of a person as an agent's page shows them. Whoever is not of the agent's sectors is not named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.design.parts import TimelineEntry
from etoile.gru.backoffice.people import reading
from etoile.gru.people.models import Level, Person
from etoile.gru.people.words import name_of, source
from etoile.gru.ties import queries, scopes, words
from etoile.gru.ties.kinds import DETAILS
from etoile.gru.ties.models import Tie, TieChange
from etoile.gru.ties.queries import Line


@dataclass(frozen=True, slots=True)
class Shown:
    """One tie: what the other is to the person, who that is (`href`: their file), and how sure it is."""

    role: str
    name: str
    href: str
    lines: list[str]
    level: str
    tone: str
    source: str
    tie: Tie
    page: str


@dataclass(frozen=True, slots=True)
class Panel:
    living: list[Shown] = field(default_factory=list)
    over: list[Shown] = field(default_factory=list)


def panel(person: Person) -> Panel:
    """Four statements at most."""
    lines = queries.of_person(person.pk)
    procedures = words.named([each.tie for each in lines])
    found = [(each.tie.is_over, shown(person, each, procedures)) for each in lines]
    return Panel([each for over, each in found if not over], [each for over, each in found if over])


def shown(person: Person, line: Line, procedures: Mapping[str, str]) -> Shown:
    """`procedures`: as `ties.words.named` gives them."""
    level = line.tie.level_now
    return Shown(
        role=line.role,
        name=name_of(line.known) if line.other else _("une autre personne, suivie par un autre service"),
        href=reverse("backoffice:person", args=[line.other.pk]) if line.other else "",
        lines=[each for each in (*words.details(line.tie, procedures), words.period(line.tie)) if each],
        level=str(level.label),
        tone="neutral" if level == Level.DECLARED else "success",
        source=source(line.tie.source),
        tie=line.tie,
        page=reverse("backoffice:person-tie", args=[person.pk, line.tie.pk]),
    )


def history(tie: Tie) -> list[TimelineEntry]:
    """Who wrote what of the tie, latest first. Three statements at most."""
    changes = list(TieChange.objects.filter(tie=tie).order_by("-pk"))
    procedures = scopes.names(tie.authority_id, (each.after["detail"].get(scopes.KEY, "") for each in changes))
    agents = reading.names(each.author for each in changes)
    return [
        TimelineEntry(
            _what(each), each.at, detail=_detail(each, procedures), author=reading.author(each.author, agents)
        )
        for each in changes
    ]


def _what(change: TieChange) -> str:
    if change.before is None:
        return _("Lien noté")
    if change.after["ended_at"] and not change.before["ended_at"]:
        return _("Lien terminé")
    return _("Lien attesté") if change.after["level"] > change.before["level"] else _("Lien corrigé")


def _detail(change: TieChange, procedures: Mapping[str, str]) -> str:
    """What is new, one thing after the other."""
    before, after = change.before or {}, change.after
    found = [
        f"{DETAILS[key]} : {words.detail(key, value, procedures) if value else '–'}"
        for key, value in after["detail"].items()
        if (before.get("detail") or {}).get(key) != value and key in DETAILS
    ]
    for key, words_of in (("begins_on", _("à partir du %(day)s")), ("ends_on", _("jusqu’au %(day)s"))):
        if after[key] and before.get(key) != after[key]:
            found.append(words_of % {"day": spelled(date.fromisoformat(after[key]))})
    if before.get("level") != after["level"]:
        found.append(str(Level(after["level"]).label))
    return " · ".join(found)
