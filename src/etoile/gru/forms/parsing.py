"""From the data of a procedure (YAML or JSON, see docs/procedures.md) to a `Definition`, or the complete list of what
is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from etoile.gru.forms import definition as shape
from etoile.gru.forms.blocks import block
from etoile.gru.forms.definition import Definition, DefinitionError
from etoile.gru.forms.field_parsing import IDENTIFIER, read_declaration, read_field
from etoile.gru.forms.reader import SLUG, Reader
from etoile.gru.forms.rule_parsing import read_ineligible, read_messages, read_price, read_routing
from etoile.gru.forms.structure import check_structure
from etoile.gru.forms.workflow.reading import read_workflow
from etoile.gru.identity.platforms import LEVELS

AUDIENCES = ("individuals", "associations", "companies")
TREATMENTS = ("team", "hub", "both")
REGIMES = ("accept", "reject", "none")
BASES = ("public_task", "legal_obligation", "consent", "contract", "vital_interest")
HTTPS = r"https://[^\s<>\"]{4,300}"
FATES = ("destroy", "archive", "sample")


# More than any real procedure: what is read here may come from a file that someone sent.
MAX_NODES, MAX_DEPTH = 50_000, 40


def expanded(raw: Any) -> Any:
    """The same data with each `use: NAME` replaced by the shared block: what a version stores no longer depends on
    blocks. Raises `DefinitionError` for an unknown block, or data too large or too deep to be a procedure.
    """
    return _expanded(raw, [0], 0)


def _expanded(raw: Any, count: list[int], depth: int) -> Any:
    count[0] += 1
    if count[0] > MAX_NODES or depth > MAX_DEPTH:
        raise DefinitionError(["ces données sont trop grandes, ou trop imbriquées, pour une démarche"])
    if isinstance(raw, Mapping):
        if set(raw) == {"use"}:
            return _expanded(_block(raw["use"]), count, depth + 1)
        return {key: _expanded(value, count, depth + 1) for key, value in raw.items()}
    if isinstance(raw, list):
        flat: list[Any] = []
        for each in raw:
            found = _expanded(each, count, depth + 1)
            is_block = isinstance(each, Mapping) and set(each) == {"use"} and isinstance(found, list)
            flat.extend(found) if is_block else flat.append(found)
        return flat
    return raw


def _block(name: Any) -> Any:
    try:
        return block(str(name))
    except KeyError as error:
        raise DefinitionError([f"bloc inconnu : {error.args[0]}"]) from error


def parse(raw: Any) -> Definition:
    """Raises `DefinitionError` with every problem found, each with its place. What the law wants besides is
    `publication`'s.
    """
    reader = Reader(expanded(raw))
    read = _definition(reader)
    problems = [*reader.problems, *check_structure(read)]
    if problems:
        raise DefinitionError(problems)
    return read


def _definition(r: Reader) -> Definition:
    read = Definition(
        slug=r.word("slug", pattern=SLUG, required=True),
        title=r.text("title", required=True),
        **{name: r.text(name) for name in ("summary", "who", "cost", "delay", "confirmation", "non_digital")},
        category=r.word("category"),
        life_event=r.word("life_event"),
        audience=tuple(r.words("audience", among=AUDIENCES)),
        keywords=tuple(r.words("keywords")),
        steps=tuple(r.texts("steps")),
        feedback_link=_link(r, "feedback_link"),
        team=r.word("team", pattern=SLUG),
        treatment=r.word("treatment", among=TREATMENTS),
        identity=r.word("identity", among=LEVELS),
        discreet=r.flag("discreet"),
        silence=_silence(r.inside("silence")),
        answer_within=r.duration("answer_within"),
        legal=tuple(_legal(each) for each in r.each("legal")),
        register=_register(r.inside("register")),
        documents=tuple(_document(each) for each in r.each("documents")),
        declarations=tuple(read_declaration(each) for each in r.each("declarations")),
        pages=tuple(_page(each) for each in r.each("pages")),
        ineligible=read_ineligible(r),
        routing=read_routing(r),
        price=read_price(r.inside("price")),
        messages=read_messages(r),
        workflow=read_workflow(r.inside("workflow")),
    )
    r.nothing_else()
    return read


def _link(r: Reader, key: str) -> str:
    value = r.sentence(key)
    if value and not re.fullmatch(HTTPS, value):
        r.problem(key, f"« {value} » : une adresse qui commence par https:// est attendue")
    return value


def _silence(r: Reader) -> shape.Silence:
    read = shape.Silence(r.word("regime", among=REGIMES), r.duration("duration"), r.text("basis"))
    r.nothing_else()
    return read


def _legal(r: Reader) -> shape.LegalBasis:
    read = shape.LegalBasis(r.sentence("reference", required=True), r.text("note"), r.flag("to_check"))
    r.nothing_else()
    return read


def _register(r: Reader) -> shape.Register:
    kept = r.inside("retention")
    retention = shape.Retention(
        kept.duration("active"), kept.duration("intermediate"), kept.text("basis"), kept.word("final_fate", among=FATES)
    )
    kept.nothing_else()
    read = shape.Register(
        purpose=r.text("purpose"),
        basis=r.word("basis", among=BASES),
        basis_reference=r.text("basis_reference"),
        persons=r.text("persons"),
        data=r.text("data"),
        recipients=tuple(r.texts("recipients")),
        security=tuple(r.texts("security")),
        retention=retention,
    )
    r.nothing_else()
    return read


def _document(r: Reader) -> shape.ExpectedDocument:
    read = shape.ExpectedDocument(
        r.word("id", pattern=IDENTIFIER, required=True),
        r.text("label", required=True),
        r.text("hint"),
        r.flag("indispensable"),
        r.word("obtainable_from"),
    )
    r.nothing_else()
    return read


def _page(r: Reader) -> shape.Page:
    read = shape.Page(
        r.word("id", pattern=SLUG, required=True),
        r.text("title", required=True),
        tuple(_section(each) for each in r.each("sections")),
    )
    r.nothing_else()
    return read


def _section(r: Reader) -> shape.Section:
    read = shape.Section(
        r.word("id", pattern=IDENTIFIER, required=True),
        r.text("title"),
        r.text("explanation"),
        r.condition("visible_when"),
        tuple(read_field(each) for each in r.each("fields")),
    )
    r.nothing_else()
    return read
