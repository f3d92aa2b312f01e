"""What makes a definition impossible to run: doubles, unknown types, conditions that look forward."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from etoile.expressions import conditions
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES


def check_structure(definition: Definition) -> list[str]:
    return [*_doubles(definition), *_fields(definition), *_conditions(definition), *_applicant(definition)]


def _doubles(definition: Definition) -> Iterator[str]:
    named = {
        "page": [page.id for page in definition.pages],
        "section": [section.id for page in definition.pages for section in page.sections],
        "champ": [each.id for each in (*definition.fields, *definition.declarations)],
        "document": [each.id for each in definition.documents],
    }
    for kind, identifiers in named.items():
        for identifier, count in Counter(identifiers).items():
            if count > 1:
                yield f"{kind} « {identifier} » : défini {count} fois"


def _fields(definition: Definition) -> Iterator[str]:
    documents = {each.id for each in definition.documents}
    for each in definition.fields:
        kind = TYPES.get(each.type)
        if kind is None:
            yield f"champ « {each.id} » : type inconnu « {each.type} » (connus : {', '.join(sorted(TYPES))})"
            continue
        yield from (f"champ « {each.id} » : {problem}" for problem in kind.problems(each))
        if not kind.answered and (each.required or each.required_when):
            yield f"champ « {each.id} » : on ne répond pas à ce type, il ne peut être obligatoire"
        if each.document and each.document not in documents:
            yield f"champ « {each.id} » : document inconnu « {each.document} »"


def _conditions(definition: Definition) -> Iterator[str]:
    """A condition sees the fields before it only: so there is no cycle, and the server can answer page by page."""
    earlier: set[str] = set()
    for page in definition.pages:
        for section in page.sections:
            yield from _condition(f"section « {section.id} »", section.visible_when, earlier)
            for each in section.fields:
                yield from _condition(f"champ « {each.id} »", each.visible_when, earlier)
                yield from _condition(f"champ « {each.id} »", each.required_when, earlier)
                if _answered(each):
                    earlier.add(each.id)


def _condition(owner: str, tree: Mapping[str, Any] | None, earlier: set[str]) -> Iterator[str]:
    if tree is None:
        return
    try:
        compiled = conditions.compile(tree, None)
    except ValueError as error:
        yield f"{owner} : condition invalide, {error}"
        return
    for reference in sorted(set(compiled.references) - earlier):
        yield f"{owner} : la condition parle de « {reference} », qui n'est pas un champ placé avant"


def _answered(each: Field) -> bool:
    kind = TYPES.get(each.type)
    return kind is not None and kind.answered


def _applicant(definition: Definition) -> Iterator[str]:
    feeding = Counter(each.applicant for each in definition.fields if each.applicant)
    yield from (f"demandeur : plusieurs champs donnent « {key} »" for key, count in feeding.items() if count > 1)
