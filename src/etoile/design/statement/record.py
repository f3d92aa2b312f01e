"""The record a statement is printed from: what the mandatory format asks for, no more.

audit = Audit(day, "Cabinet X", conforming=60, failing=20, not_applicable=26, pages=(Page("Accueil", "/"),))
Record(name="Démarches", address="https://…", declared_on=day, audit=audit, ...)
"""

from dataclasses import dataclass
from datetime import date

CRITERIA = 106  # of RGAA 4.1.2
LISTS = (
    "non_conformities", "derogations", "exempted", "technologies", "user_agents", "assistive_technologies", "tools",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the sample. Its counts are those of the audit grid; all zero when the auditor did not give them."""

    title: str
    address: str
    conforming: int = 0
    failing: int = 0

    @property
    def rate(self) -> float | None:
        """Share of the criteria that apply to this page and are met, in percent; None without counts."""
        applicable = self.conforming + self.failing
        return 100 * self.conforming / applicable if applicable else None


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit by a person. A criterion is met when it is met on every page of the sample; on a page of a process,
    when it is met on all the pages of that process."""

    day: date
    auditor: str
    conforming: int
    failing: int
    not_applicable: int
    pages: tuple[Page, ...] = ()

    @property
    def rate(self) -> float:
        """Global rate: criteria met ÷ criteria that apply, in percent."""
        applicable = self.conforming + self.failing
        return 100 * self.conforming / applicable if applicable else 0.0

    @property
    def mean_rate(self) -> float | None:
        """Mean of the rates of the pages, in percent; None unless each page of the sample has its counts."""
        rates = [page.rate for page in self.pages]
        known = [rate for rate in rates if rate is not None]
        return sum(known) / len(known) if known and len(known) == len(rates) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The multi-year scheme (three years at most), or the plan of one year: a document with its period."""

    address: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    address: str
    declared_on: date
    reference: str = "4.1.2"
    reference_changed_on: date | None = None
    audit: Audit | None = None
    non_conformities: tuple[str, ...] = ()
    derogations: tuple[str, ...] = ()
    exempted: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    user_agents: tuple[str, ...] = ()
    assistive_technologies: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    scheme: Plan | None = None
    year_plan: Plan | None = None
