"""What one request may do: its client, the scopes of its token, and the limits of the client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from etoile.gru.access.models import ApiClient, Authority
from etoile.gru.api.models import Change, Limits
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import of_authority
from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.models import State
from etoile.gru.forms import closed
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.queries import known_procedure, open_procedures
from etoile.gru.forms.sensitive import is_sealed, open_one

PLAIN = "*"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`procedures`: the fields given, by slug (see `Limits`); empty, no limit."""

    client: ApiClient
    authority: Authority
    scopes: frozenset[str]
    procedures: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, client: ApiClient, authority: Authority, scopes: str) -> "Allowed":
        limits: Limits | None = getattr(client, "limits", None)
        return cls(client, authority, frozenset(scopes.split()), limits.procedures if limits is not None else {})

    def need(self, scope: str) -> None:
        """Raises `Refusal` (403) unless the token has it."""
        if scope not in self.scopes:
            raise Refusal(403, "forbidden", "Ce jeton n'ouvre pas cette opération", f"Droit nécessaire : {scope}.")

    def cases(self) -> QuerySet[Case]:
        found = of_authority(self.authority)
        if self.procedures:
            found = found.filter(procedure_version__procedure__slug__in=list(self.procedures))
        return found

    def changes(self, found: QuerySet[Change]) -> QuerySet[Change]:
        return found.filter(procedure__slug__in=list(self.procedures)) if self.procedures else found

    def open_procedures(self) -> list[Procedure]:
        return [each for each in open_procedures(self.authority) if self.has(each.slug)]

    def procedure(self, slug: str) -> Procedure:
        """Raises `Refusal` (404) for one that does not exist, or is not this client's to read."""
        found = known_procedure(self.authority, slug) if self.has(slug) else None
        if found is None:
            raise NOT_FOUND
        return found

    def has(self, slug: str) -> bool:
        return not self.procedures or slug in self.procedures

    def opened(self, case: Case, version: ProcedureVersion | None = None) -> frozenset[str]:
        """The closed questions (`forms.closed`) of this case that its service contracts open; `version` is another one
        that asked them. One statement when the procedure asks some, else none."""
        version, sector = version or case.procedure_version, case.sector.slug if case.sector else ""
        if next(closed.questions(version.definition), None) is None:
            return frozenset()
        slug, today = version.procedure.slug, self.authority.today()
        held = [each for each in queries.of_client(self.client) if each.state_on(today) == State.IN_FORCE]
        return grants.joined(each for each in held if grants.covers(each, slug, sector)).opened(slug)

    def answers(self, case: Case, opened: frozenset[str]) -> dict[str, Any]:
        """The answers that this client may read, in clear: the sensitive ones are named one by one in its limits, and
        opened by its service contract."""
        named, asked = self._named(case), case.procedure_version.definition
        return {
            name: open_one(value, name, holder=case.id)
            for name, value in case.answers.items()
            if (name in named or (PLAIN in named and not is_sealed(value)))
            and (name in opened or not (is_sealed(value) or closed.answer(asked, name)))
        }

    def questions(self, case: Case, version: ProcedureVersion | None = None) -> frozenset[str]:
        """The questions whose answers this client may read, answered or not; of `version`, when the case followed
        another one then. One statement at most."""
        version = version or case.procedure_version
        definition, named = version.definition, self._fields(version)
        shut, opened = {each.id for each in closed.questions(definition)}, self.opened(case, version)
        return frozenset(
            each.id
            for each in definition.fields
            if (each.id in named or (PLAIN in named and each.id not in shut))
            and (each.id in opened or each.id not in shut)
        )

    def reads(self, case: Case, field: str, opened: frozenset[str]) -> bool:
        """Whether this client may open the documents of a question; those of no question are open."""
        named, definition = self._named(case), case.procedure_version.definition
        if not closed.is_open(definition, opened, field):
            return False
        asked = definition.field(field)
        return field in named or (PLAIN in named and not (asked is not None and asked.sensitive))

    def applicant(self, case: Case, known: Mapping[str, Any]) -> dict[str, Any]:
        """Of what is known of the person, what the fields this client may read have said."""
        named = self._named(case)
        if PLAIN in named:
            return dict(known)
        definition: Definition = case.procedure_version.definition
        told = {each.applicant for each in definition.fields if each.applicant and each.id in named}
        return {name: value for name, value in known.items() if name in told}

    def _named(self, case: Case) -> Sequence[str]:
        return self._fields(case.procedure_version)

    def _fields(self, version: ProcedureVersion) -> Sequence[str]:
        return self.procedures.get(version.procedure.slug, ()) if self.procedures else (PLAIN,)
