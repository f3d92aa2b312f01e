"""For whom somebody who is signed in makes a request: one of their children, of their organisations, of those who gave
them a mandate. The questions that ask for that are filled in beforehand, and nothing is asked again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.filling import mandates
from etoile.gru.filling.mandates import Mandate
from etoile.gru.forms.definition import Definition
from etoile.gru.people.words import name_of
from etoile.gru.ties import checks, mine
from etoile.gru.ties.mandates import KIND, is_in_force
from etoile.gru.ties.queries import Line


@dataclass(frozen=True, slots=True)
class ForWhom:
    """`tie`: what the page names it by. `told`: by attribute, for `filling.prefilling`."""

    tie: uuid.UUID
    words: str
    mandate: Mandate
    told: Mapping[str, Any]


def offered(person: uuid.UUID, definition: Definition) -> list[ForWhom]:
    """Those for whom this procedure may be asked. Three statements."""
    kinds = {kind for kind, _words in mandates.offered(definition)}
    found = (_for_whom(each, definition.slug) for each in mine.lines(person) if each.is_holder and each.tie.is_living)
    return [each for each in found if each is not None and each.mandate.on_behalf_of in kinds]


def _for_whom(line: Line, slug: str) -> ForWhom | None:
    kind, name = line.tie.what, name_of(line.known)
    if kind.acts is None or (kind.of_minor and _is_of_age(line)):
        return None
    if line.tie.kind == KIND and not is_in_force(line.tie, slug):
        return None
    on_behalf_of, capacity = kind.acts
    told: dict[str, Any] = {}
    if on_behalf_of == "organisation" or (line.other is not None and line.other.kind == "legal"):
        on_behalf_of = _nature(line)
        told = _organisation(line, on_behalf_of)
    elif on_behalf_of == "child":
        told = _child(line)
    words = _("%(name)s (%(what)s)") % {"name": name, "what": line.role.lower()}
    return ForWhom(line.tie.pk, words, Mandate(on_behalf_of, name, capacity), told)


def _is_of_age(line: Line) -> bool:
    born = checks.day(_value(line, "birth_date"))
    return born is not None and checks.is_of_age(born, line.tie.authority.today())


def _nature(line: Line) -> str:
    return "association" if _value(line, "legal_form") == "association" or _value(line, "rna") else "company"


def _organisation(line: Line, nature: str) -> dict[str, Any]:
    said = {"organisation": "organisation", "siret": "siret", "organisation.rna": "rna", "organisation.siren": "siren"}
    return {"kind": nature, **{name: _value(line, key) for name, key in said.items()}}


def _child(line: Line) -> dict[str, Any]:
    whole = {key: _value(line, key) or "" for key in ("given_names", "family_name", "birth_date")}
    return {"child": {**whole, "relation": "child"}, **{f"child.{key}": value for key, value in whole.items()}}


def _value(line: Line, key: str) -> Any:
    return line.known[key].value if key in line.known else None
