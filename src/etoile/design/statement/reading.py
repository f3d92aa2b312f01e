"""From the data of a statement (YAML or JSON, see docs/accessibility/statement.md) to a `Record`, or all its faults."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.statement.record import CRITERIA, LISTS, Audit, Page, Plan, Record
from etoile.design.statement.standing import VALID_YEARS, months_after

KEYS = {
    "name", "address", "declared_on", "reference", "reference_changed_on", "audit", "contact", "scheme", "year_plan",
    *LISTS,
}  # fmt: skip


class NotPublishable(ValueError):
    """The record would print an incomplete statement. `problems` says all that is missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(raw: Any, *, today: date) -> Record:
    """Raises `NotPublishable` with every problem, each with the name of its field."""
    reading = _Reading(raw if isinstance(raw, Mapping) else {}, today)
    record = reading.record()
    if reading.problems:
        raise NotPublishable(reading.problems)
    return record


class _Reading:
    def __init__(self, raw: Mapping[str, Any], today: date) -> None:
        self.raw, self.today = raw, today
        self.problems = [_("%(name)s : champ inconnu") % {"name": name} for name in sorted(set(raw) - KEYS)]

    def record(self) -> Record:
        lists = {name: self._list(self.raw, name) for name in LISTS}
        audit = self._audit(self._inside("audit"))
        contact = self._inside("contact")
        record = Record(
            name=self._text(self.raw, "name", needed=True),
            address=self._text(self.raw, "address", needed=True),
            declared_on=self._day(self.raw, "declared_on", needed=True) or self.today,
            reference=self._text(self.raw, "reference") or "4.1.2",
            reference_changed_on=self._day(self.raw, "reference_changed_on"),
            audit=audit,
            **lists,
            email=self._text(contact, "email"),
            phone=self._text(contact, "phone"),
            scheme=self._plan("scheme", VALID_YEARS),
            year_plan=self._plan("year_plan", 1),
        )
        self._check(record)
        return record

    def _check(self, record: Record) -> None:
        """What the mandatory format asks for, beyond the types."""
        if not record.technologies:
            self._missing("technologies")
        if not record.email and not record.phone:
            self._missing("contact.email")
        if record.audit is None:
            return
        for name in ("user_agents", "assistive_technologies", "tools"):
            if not getattr(record, name):
                self._missing(name)
        if record.audit.failing and not (record.non_conformities or record.derogations):
            self.problems.append(
                _("non_conformities : %(count)d critères ne sont pas respectés ; dites lesquels et ce qu’ils empêchent")
                % {"count": record.audit.failing}
            )

    def _audit(self, raw: Mapping[str, Any]) -> Audit | None:
        if not raw:
            return None
        day = self._day(raw, "day", needed=True, place="audit.")
        counts = {name: self._count(raw, name, "audit.") for name in ("conforming", "failing", "not_applicable")}
        audit = Audit(
            day or self.today,
            self._text(raw, "auditor", needed=True, place="audit."),
            **counts,
            pages=tuple(self._page(each) for each in _mappings(raw.get("pages"))),
        )
        given = all(isinstance(raw.get(name), int) for name in counts)
        if given and sum(counts.values()) != CRITERIA:
            self.problems.append(
                _("audit : les trois nombres de critères font %(sum)d ; le RGAA en compte %(expected)d")
                % {"sum": sum(counts.values()), "expected": CRITERIA}
            )
        if not audit.pages:
            self._missing("audit.pages")
        return audit

    def _page(self, raw: Mapping[str, Any]) -> Page:
        place = "audit.pages."
        counts = {name: self._count(raw, name, place) if name in raw else 0 for name in ("conforming", "failing")}
        title = self._text(raw, "title", needed=True, place=place)
        return Page(title, self._text(raw, "address", needed=True, place=place), **counts)

    def _plan(self, name: str, years: int) -> Plan | None:
        raw = self._inside(name)
        if not raw:
            return None
        address = self._text(raw, "address", needed=True, place=f"{name}.")
        first = self._day(raw, "from", needed=True, place=f"{name}.", past=False)
        last = self._day(raw, "until", needed=True, place=f"{name}.", past=False)
        if first is None or last is None:
            return None
        if not first < last < months_after(first, 12 * years):
            self.problems.append(
                _("%(name)s : la période va du %(first)s au %(last)s ; elle doit durer %(years)d an(s) au plus")
                % {"name": name, "first": first, "last": last, "years": years}
            )
        return Plan(address, first, last)

    def _inside(self, name: str) -> Mapping[str, Any]:
        value = self.raw.get(name)
        if value is not None and not isinstance(value, Mapping):
            self.problems.append(_("%(name)s : un groupe de champs est attendu") % {"name": name})
        return value if isinstance(value, Mapping) else {}

    def _missing(self, name: str) -> None:
        self.problems.append(_("%(name)s : à remplir, le format obligatoire le demande") % {"name": name})

    def _text(self, raw: Mapping[str, Any], name: str, *, needed: bool = False, place: str = "") -> str:
        value = raw.get(name)
        text = str(value).strip() if isinstance(value, str | int | float) else ""
        if needed and not text:
            self._missing(place + name)
        return text

    def _list(self, raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value = raw.get(name)
        if value is not None and not isinstance(value, list):
            self.problems.append(_("%(name)s : une liste est attendue") % {"name": name})
        return tuple(str(each).strip() for each in value if str(each).strip()) if isinstance(value, list) else ()

    def _count(self, raw: Mapping[str, Any], name: str, place: str) -> int:
        value = raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= CRITERIA:
            self.problems.append(
                _("%(name)s : un nombre de 0 à %(most)d est attendu") % {"name": place + name, "most": CRITERIA}
            )
            return 0
        return value

    def _day(
        self, raw: Mapping[str, Any], name: str, *, needed: bool = False, place: str = "", past: bool = True
    ) -> date | None:
        value = raw.get(name)
        if value in (None, ""):
            if needed:
                self._missing(place + name)
            return None
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError:
            day = None
        if day is None or (past and day > self.today):
            self.problems.append(
                _("%(name)s : une date passée est attendue, par exemple 2026-05-04") % {"name": place + name}
                if past
                else _("%(name)s : une date est attendue, par exemple 2026-05-04") % {"name": place + name}
            )
            return None
        return day


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
