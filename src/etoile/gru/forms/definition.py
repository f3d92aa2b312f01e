"""The shape of a procedure once read: what a person fills in, what the law prints, what the register of processing
says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from etoile.gru.forms.rules import FREE, Ineligibility, Prefill, Price, Route, Tree, Wording
from etoile.gru.forms.texts import NOTHING, Text
from etoile.gru.forms.workflow.shapes import USUAL, Workflow

# What a field may tell of the applicant: the identification of CRPA R112-9-1, and not more.
APPLICANT_KEYS = (
    "kind", "civility", "family_name", "given_names", "email", "phone", "address", "organisation", "siret",
)  # fmt: skip


class DefinitionError(ValueError):
    """The data do not describe a procedure. `problems` lists every one, in French, with the place it was found at."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    hint: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `id` is stable across versions; `applicant` names the attribute of the applicant it feeds, if
    any; `fields` are the questions of each row of a repeated block.
    """

    id: str
    type: str
    label: Text
    hint: Text = NOTHING
    purpose: Text = NOTHING
    required: bool = False
    required_when: Tree | None = None
    visible_when: Tree | None = None
    privacy: str = "ordinary"
    source: str = "entered"
    autocomplete: str = ""
    applicant: str = ""
    document: str = ""
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple["Field", ...] = ()
    prefill: Prefill | None = None
    readonly_when_prefilled: bool = False

    @property
    def sensitive(self) -> bool:
        """A block is as sensitive as the most sensitive of its questions: its rows are kept as one answer."""
        return self.privacy == "sensitive" or any(each.sensitive for each in self.fields)

    def in_row(self, row: str, child: "Field") -> "Field":
        """A question of this block for one row, under the identifier of its controls, errors and documents."""
        return replace(child, id=address(self.id, row, child.id))


def address(block: str, row: str, identifier: str) -> str:
    """What names the answer to a question of a row, everywhere: `<block>.<row>.<field>`."""
    return f"{block}.{row}.{identifier}"


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    explanation: Text = NOTHING
    visible_when: Tree | None = None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Text
    sections: tuple[Section, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for section in self.sections for field in section.fields)


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence of the authority means (CRPA L231-1 and its exceptions). `duration` is ISO 8601, such as P2M."""

    regime: str = ""
    duration: str = ""
    basis: Text = NOTHING


NO_SILENCE = Silence()


@dataclass(frozen=True, slots=True)
class LegalBasis:
    reference: str
    note: Text = NOTHING
    to_check: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    active: str = ""
    intermediate: str = ""
    basis: Text = NOTHING
    final_fate: str = ""


NO_RETENTION = Retention()


@dataclass(frozen=True, slots=True)
class Register:
    """Article 30 RGPD: one record per procedure, from which the notice of article 13 is printed too."""

    purpose: Text = NOTHING
    basis: str = ""
    basis_reference: Text = NOTHING
    persons: Text = NOTHING
    data: Text = NOTHING
    recipients: tuple[Text, ...] = ()
    security: tuple[Text, ...] = ()
    retention: Retention = NO_RETENTION


NO_REGISTER = Register()


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """A missing document suspends the legal clock only when indispensable (CRPA L114-5-1)."""

    id: str
    label: Text
    hint: Text = NOTHING
    indispensable: bool = False
    obtainable_from: str = ""


@dataclass(frozen=True, eq=False)
class Definition:
    slug: str
    title: Text
    summary: Text = NOTHING
    who: Text = NOTHING
    cost: Text = NOTHING
    delay: Text = NOTHING
    category: str = ""
    life_event: str = ""
    audience: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    steps: tuple[Text, ...] = ()
    confirmation: Text = NOTHING
    non_digital: Text = NOTHING
    # Where to say more once one has rated it here, such as « Je donne mon avis »; https.
    feedback_link: str = ""
    team: str = ""
    treatment: str = ""
    # The level of eIDAS at which the person shows who they are; empty: nobody has to.
    identity: str = ""
    # E-mails name neither the procedure nor its team: the letter box of a home is read by others.
    discreet: bool = False
    silence: Silence = NO_SILENCE
    # ISO 8601: the time in which the authority promises a first answer, such as P7D; the team is warned of it.
    answer_within: str = ""
    legal: tuple[LegalBasis, ...] = ()
    register: Register = NO_REGISTER
    documents: tuple[ExpectedDocument, ...] = ()
    declarations: tuple[Field, ...] = ()
    pages: tuple[Page, ...] = ()
    ineligible: tuple[Ineligibility, ...] = ()
    routing: tuple[Route, ...] = ()
    price: Price = FREE
    messages: Mapping[str, Wording] = field(default_factory=dict)
    workflow: Workflow = USUAL

    def walk(self) -> Iterator[tuple[Page, Section, Field]]:
        """The questions of the pages in their order; a repeated block is one of them, its own questions are not."""
        for page in self.pages:
            for section in page.sections:
                for each in section.fields:
                    yield page, section, each

    def every_field(self) -> Iterator[Field]:
        """The questions of the pages in their order, those of each block after it."""
        for each in self.fields:
            yield each
            yield from each.fields

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for _, _, each in self.walk())

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """Every team that may treat a request, the usual one first."""
        return tuple(dict.fromkeys((self.team, *(route.team for route in self.routing), *self.workflow.teams)))

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {each.id: each for each in (*self.declarations, *self.every_field())}

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return {inner.id: page for page, _, each in self.walk() for inner in (each, *each.fields)}

    def field(self, identifier: str) -> Field | None:
        """A question, a question of a block or a declaration; also by the address of an answer in a row."""
        block, _, rest = identifier.partition(".")
        found = self._fields.get(rest.rpartition(".")[2] or block)
        if found is None or not rest:
            return found
        holder = self._fields.get(block)
        return found if holder is not None and any(each is found for each in holder.fields) else None

    def page(self, identifier: str) -> Page | None:
        return next((page for page in self.pages if page.id == identifier), None)

    def page_of(self, identifier: str) -> Page | None:
        """The page of a question, by its identifier or by the address of an answer in a row."""
        return self._pages.get(identifier.partition(".")[0])
