"""From the data of a procedure (YAML or JSON, see docs/procedures.md) to a `Definition`, or the complete list of what
is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from etoile.gru.forms import definition as shape
from etoile.gru.forms.blocks import block
from etoile.gru.forms.definition import Definition, DefinitionError
from etoile.gru.forms.reader import Reader
from etoile.gru.forms.structure import check_structure

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,79}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

AUDIENCES = ("individuals", "associations", "companies")
TREATMENTS = ("team", "hub", "both")
REGIMES = ("accept", "reject", "none")
BASES = ("public_task", "legal_obligation", "consent", "contract", "vital_interest")
FATES = ("destroy", "archive", "sample")
PRIVACIES = ("ordinary", "sensitive", "none")


def expanded(raw: Any) -> Any:
    """The same data with each `use: NAME` replaced by the shared block: what a version stores no longer depends on
    blocks.
    """
    if isinstance(raw, Mapping):
        if set(raw) == {"use"}:
            return expanded(block(str(raw["use"])))
        return {key: expanded(value) for key, value in raw.items()}
    if isinstance(raw, list):
        flat: list[Any] = []
        for each in raw:
            found = expanded(each)
            is_block = isinstance(each, Mapping) and set(each) == {"use"} and isinstance(found, list)
            flat.extend(found) if is_block else flat.append(found)
        return flat
    return raw


def parse(raw: Any) -> Definition:
    """Raises `DefinitionError` with every problem found, each with its place. What the law wants besides is
    `publication`'s.
    """
    try:
        data = expanded(raw)
    except KeyError as error:
        raise DefinitionError([f"bloc inconnu : {error.args[0]}"]) from error
    reader = Reader(data)
    read = _definition(reader)
    problems = [*reader.problems, *check_structure(read)]
    if problems:
        raise DefinitionError(problems)
    return read


def _definition(r: Reader) -> Definition:
    read = Definition(
        slug=r.word("slug", pattern=_SLUG, required=True),
        title=r.text("title", required=True),
        **{name: r.text(name) for name in ("summary", "who", "cost", "delay", "confirmation", "non_digital")},
        category=r.word("category"),
        life_event=r.word("life_event"),
        audience=tuple(r.words("audience", among=AUDIENCES)),
        keywords=tuple(r.words("keywords")),
        steps=tuple(r.texts("steps")),
        team=r.word("team", pattern=_SLUG),
        treatment=r.word("treatment", among=TREATMENTS),
        silence=_silence(r.inside("silence")),
        answer_within=r.duration("answer_within"),
        legal=tuple(_legal(each) for each in r.each("legal")),
        register=_register(r.inside("register")),
        documents=tuple(_document(each) for each in r.each("documents")),
        declarations=tuple(_declaration(each) for each in r.each("declarations")),
        pages=tuple(_page(each) for each in r.each("pages")),
    )
    r.nothing_else()
    return read


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
        r.word("id", pattern=_IDENTIFIER, required=True),
        r.text("label", required=True),
        r.text("hint"),
        r.flag("indispensable"),
        r.word("obtainable_from"),
    )
    r.nothing_else()
    return read


def _page(r: Reader) -> shape.Page:
    read = shape.Page(
        r.word("id", pattern=_SLUG, required=True),
        r.text("title", required=True),
        tuple(_section(each) for each in r.each("sections")),
    )
    r.nothing_else()
    return read


def _section(r: Reader) -> shape.Section:
    read = shape.Section(
        r.word("id", pattern=_IDENTIFIER, required=True),
        r.text("title"),
        r.text("explanation"),
        r.tree("visible_when"),
        tuple(_field(each) for each in r.each("fields")),
    )
    r.nothing_else()
    return read


def _declaration(r: Reader) -> shape.Field:
    read = shape.Field(
        id=r.word("id", pattern=_IDENTIFIER, required=True),
        type="declaration",
        label=r.text("label", required=True),
        hint=r.text("hint"),
        purpose=r.text("purpose"),
        required=r.flag("required", default=True),
        privacy="none",
    )
    r.nothing_else()
    return read


def _field(r: Reader) -> shape.Field:
    condition = r.tree("required_when")
    options = tuple(_option(each) for each in r.each("options"))
    read = shape.Field(
        id=r.word("id", pattern=_IDENTIFIER, required=True),
        type=r.word("type", required=True),
        label=r.text("label"),
        hint=r.text("hint"),
        purpose=r.text("purpose"),
        required=r.flag("required"),
        required_when=condition,
        visible_when=r.tree("visible_when"),
        privacy=r.word("privacy", among=PRIVACIES) or "ordinary",
        source=r.word("source") or "entered",
        autocomplete=r.word("autocomplete"),
        applicant=r.word("applicant", among=shape.APPLICANT_KEYS),
        document=r.word("document"),
        options=options,
        settings=r.tree("settings") or {},
    )
    r.nothing_else()
    return read


def _option(r: Reader) -> shape.Option:
    read = shape.Option(r.word("value", required=True), r.text("label", required=True), r.text("hint"))
    r.nothing_else()
    return read
