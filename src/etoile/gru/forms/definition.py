"""The shape of a procedure once read: what a person fills in, what the law prints, what the register of processing
says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from etoile.gru.forms.texts import NOTHING, Text

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
    any.
    """

    id: str
    type: str
    label: Text
    hint: Text = NOTHING
    purpose: Text = NOTHING
    required: bool = False
    required_when: Mapping[str, Any] | None = None
    visible_when: Mapping[str, Any] | None = None
    privacy: str = "ordinary"
    source: str = "entered"
    autocomplete: str = ""
    applicant: str = ""
    document: str = ""
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sensitive(self) -> bool:
        return self.privacy == "sensitive"


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    explanation: Text = NOTHING
    visible_when: Mapping[str, Any] | None = None
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


@dataclass(frozen=True, slots=True)
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
    team: str = ""
    treatment: str = ""
    silence: Silence = NO_SILENCE
    # ISO 8601: the time in which the authority promises a first answer, such as P7D; the team is warned of it.
    answer_within: str = ""
    legal: tuple[LegalBasis, ...] = ()
    register: Register = NO_REGISTER
    documents: tuple[ExpectedDocument, ...] = ()
    declarations: tuple[Field, ...] = ()
    pages: tuple[Page, ...] = ()

    def walk(self) -> Iterator[tuple[Page, Section, Field]]:
        for page in self.pages:
            for section in page.sections:
                for each in section.fields:
                    yield page, section, each

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for _, _, each in self.walk())

    def field(self, identifier: str) -> Field | None:
        return next((each for each in (*self.fields, *self.declarations) if each.id == identifier), None)

    def page(self, identifier: str) -> Page | None:
        return next((page for page in self.pages if page.id == identifier), None)

    def page_of(self, identifier: str) -> Page | None:
        return next((page for page, _, each in self.walk() if each.id == identifier), None)
