"""What makes a definition impossible to run: doubles, unknown types, blocks in blocks, rules about unknown fields."""

from collections import Counter
from collections.abc import Iterator

from etoile.gru.forms.ceilings import too_much
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.dependencies import misplaced
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import Lookup
from etoile.gru.forms.workflow.checks import check_workflow


def check_structure(definition: Definition) -> list[str]:
    found = [
        *_doubles(definition),
        *_fields(definition),
        *misplaced(definition),
        *_applicant(definition),
        *_prices(definition),
        *_filled_in(definition),
        *check_workflow(definition),
    ]
    # Counted once everything has its right type.
    return found or list(too_much(definition))


def _doubles(definition: Definition) -> Iterator[str]:
    named = {
        "page": [page.id for page in definition.pages],
        "section": [section.id for page in definition.pages for section in page.sections],
        "champ": [each.id for each in (*definition.every_field(), *definition.declarations)],
        "document": [each.id for each in definition.documents],
        "motif de refus (ineligible)": [each.id for each in definition.ineligible],
    }
    for kind, identifiers in named.items():
        for identifier, count in Counter(identifiers).items():
            if count > 1:
                yield f"{kind} « {identifier} » : défini {count} fois"


def _fields(definition: Definition) -> Iterator[str]:
    documents = {each.id for each in definition.documents}
    for each in definition.every_field():
        kind = TYPES.get(each.type)
        if kind is None:
            yield f"champ « {each.id} » : type inconnu « {each.type} » (connus : {', '.join(sorted(TYPES))})"
            continue
        yield from (f"champ « {each.id} » : {problem}" for problem in kind.problems(each))
        if not kind.answered and (each.required or each.required_when):
            yield f"champ « {each.id} » : on ne répond pas à ce type, il ne peut être obligatoire"
        if not kind.answered and each.prefill:
            yield f"champ « {each.id} » : on ne répond pas à ce type, il ne peut être prérempli"
        if each.readonly_when_prefilled and not each.prefill:
            yield f"champ « {each.id} » : « readonly_when_prefilled » demande « prefill » : d'où vient la réponse"
        if each.document and each.document not in documents:
            yield f"champ « {each.id} » : document inconnu « {each.document} »"
        yield from _children(each)


def _children(block: Field) -> Iterator[str]:
    for child in block.fields:
        kind = TYPES.get(child.type)
        if kind is not None and kind.has_fields:
            yield f"champ « {child.id} » : un bloc répété n'en contient pas d'autre (« {block.id} »)"
        if isinstance(kind, Lookup):
            yield f"champ « {child.id} » : une consultation ne se place pas dans un bloc répété (« {block.id} »)"
        if child.prefill:
            yield f"champ « {child.id} » : une question d'un bloc n'est pas préremplie (« {block.id} »)"
        if child.applicant:
            yield f"champ « {child.id} » : une ligne d'un bloc ne décrit pas le demandeur (« applicant »)"
        if child.id == "row":
            yield f"champ « row » : ce nom est celui de l'identifiant des lignes (bloc « {block.id} »)"


def _applicant(definition: Definition) -> Iterator[str]:
    feeding = Counter(each.applicant for each in definition.fields if each.applicant)
    yield from (f"demandeur : plusieurs champs donnent « {key} »" for key, count in feeding.items() if count > 1)


def _filled_in(definition: Definition) -> Iterator[str]:
    """What a lookup fills in comes after it."""
    before: set[str] = set()
    for each in definition.fields:
        if each.prefill is not None and each.prefill.source == "lookup":
            name, _dot, path = each.prefill.attribute.partition(".")
            if name not in before or not path:
                yield (
                    f"champ « {each.id} » : « prefill » vient d'une consultation placée avant, et s'écrit champ.chemin"
                )
        if isinstance(TYPES.get(each.type), Lookup):
            before.add(each.id)


def _prices(definition: Definition) -> Iterator[str]:
    top = {each.id: each for each in definition.fields}
    for index, rule in enumerate(definition.price.rules):
        if not rule.amount_from:
            continue
        each = top.get(rule.amount_from)
        if each is None or each.type != "calculated" or each.settings.get("result") != "amount":
            yield (
                f"price.rules[{index}] : « {rule.amount_from} » doit être un champ calculé de résultat amount,"
                " hors d'un bloc"
            )
