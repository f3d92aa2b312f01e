"""How large a procedure may be: what a page can be sent with, what a request can be published with."""

from collections.abc import Iterable, Iterator

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED

MAX_FIELDS = 1000
# The contract's: answers and documents of one event, length of the name of a document's field and of a title.
MAX_ANSWERS, MAX_DOCUMENTS, MAX_ADDRESS, MAX_TITLE = 500, 100, 64, 200
# Questions times rows: what one page may have to read, and the whole form to judge.
MAX_ON_PAGE, MAX_IN_ALL = 2_000, 5_000
MAX_LINES = 50
# Of the answers of one request, in JSON: the hub takes events of one mebibyte, with the applicant and the documents.
MAX_BYTES = 700_000
_ROW_AND_DOTS = 10


def too_much(definition: Definition) -> Iterator[str]:
    """In French."""
    every = list(definition.every_field())
    if len(every) > MAX_FIELDS:
        yield f"cette démarche a {len(every)} champs : {MAX_FIELDS} au plus"
    answered = [each for each in (*definition.fields, *definition.declarations) if _valued(each)]
    if len(answered) > MAX_ANSWERS:
        yield f"cette démarche a {len(answered)} réponses : {MAX_ANSWERS} au plus"
    for page in definition.pages:
        if _questions(page.fields) > MAX_ON_PAGE:
            count = _questions(page.fields)
            yield f"page « {page.id} » : {count} questions en comptant les lignes, {MAX_ON_PAGE} au plus"
    if _questions(definition.fields) > MAX_IN_ALL:
        yield f"cette démarche a {_questions(definition.fields)} questions en comptant les lignes, {MAX_IN_ALL} au plus"
    documents = sum(_documents(each) for each in definition.fields)
    if documents > MAX_DOCUMENTS:
        yield f"cette démarche peut recevoir {documents} fichiers en comptant les lignes : {MAX_DOCUMENTS} au plus"
    yield from _names(definition)


def _names(definition: Definition) -> Iterator[str]:
    for block in definition.fields:
        for child in block.fields:
            if _holds_files(child) and len(block.id) + len(child.id) + _ROW_AND_DOTS > MAX_ADDRESS:
                most = MAX_ADDRESS - _ROW_AND_DOTS
                yield f"champ « {child.id} » : son nom et celui du bloc « {block.id} » ont plus de {most} caractères"
    rules = enumerate(definition.price.rules)
    labels = [("title", definition.title), *((f"price.rules[{index}].label", rule.label) for index, rule in rules)]
    for place, text in labels:
        if any(len(words) > MAX_TITLE for words in text.published.values()):
            yield f"{place} : {MAX_TITLE} caractères au plus"
    if len(definition.price.rules) > MAX_LINES:
        yield f"price : {MAX_LINES} lignes au plus"


def _questions(fields: Iterable[Field]) -> int:
    return sum(REPEATED.maximum(each) * len(each.fields) if each.fields else 1 for each in fields)


def _documents(each: Field) -> int:
    if each.fields:
        return REPEATED.maximum(each) * sum(_documents(child) for child in each.fields)
    return TYPES[each.type].max_count(each) if _holds_files(each) else 0  # type: ignore[attr-defined]


def _holds_files(each: Field) -> bool:
    return each.type in TYPES and TYPES[each.type].holds_files


def _valued(each: Field) -> bool:
    return each.type in TYPES and TYPES[each.type].valued
