"""The star file: authorities, applications, subscriptions and lookups, written down by the town and loaded as one.

This module reads the file and its form; `star_checks` says whether it makes sense; `services.load` writes it. Each
problem has a place: where in the tree, and on which line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from etoile.hub.registry.star_files import Fault, included
from etoile.sdk.lines import Place, line_of, walk

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class StarError(Exception):
    """Everything that is wrong with a star file; nothing of it was loaded."""

    def __init__(self, problems: "Sequence[StarProblem]") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class StarProblem:
    place: Place
    message: str
    line: int | None = None

    def __str__(self) -> str:
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")
        where = path or "the file"
        return f"{where} (line {self.line}): {self.message}" if self.line else f"{where}: {self.message}"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretReference(_Part):
    """The variable NAME, else the file named by NAME_FILE, else data/secrets/name (made, unless in production)."""

    secret: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
    kind: Literal["key", "token", "whsec"] = "token"


class AuthorityPart(_Part):
    siret: Annotated[str, Field(pattern=r"^\d{14}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]


class CredentialPart(_Part):
    client_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
    secret: SecretReference
    scopes: Annotated[list[str], Field(min_length=1)]
    expires_at: AwareDatetime | None = None
    operation: bool = False


class InterfacePart(_Part):
    type: str
    expected_behaviour: str = ""
    service_level: Annotated[str, Field(max_length=200)] = ""
    expected: bool = True


class ApplicationPart(_Part):
    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=200)]
    vendor: Annotated[str, Field(max_length=200)] = ""
    domain: Annotated[str, Field(max_length=120)] = ""
    sector: Annotated[str, Field(max_length=60)] = ""
    environment: Literal["production", "test", "training"] = "production"
    owner: Annotated[str, Field(max_length=200)] = ""
    contact: Annotated[str, Field(max_length=200)] = ""
    answerable: Literal["authority", "gru_vendor", "vendor"] = "authority"
    authorities: Annotated[list[str], Field(min_length=1)]
    document_base_url: Annotated[str, Field(max_length=200, pattern=r"^(https?://[^/?#@\s]+/[^?#\s]*)?$")] = ""
    document_secret: SecretReference | None = None
    is_active: bool = True
    emits: list[str | InterfacePart] = []
    receives: list[str | InterfacePart] = []
    credentials: list[CredentialPart] = []


class CircuitPart(_Part):
    failures: Annotated[int, Field(ge=0, le=1000)] = 5
    pause: Annotated[float, Field(gt=0, le=86400)] = 30.0
    longest: Annotated[float, Field(gt=0, le=86400)] = 900.0


class PolicyPart(_Part):
    delays: list[Annotated[float, Field(ge=0, le=7 * 86400)]] = []
    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0
    concurrency: Annotated[int, Field(ge=1, le=100)] = 8
    lease: Annotated[float, Field(gt=0, le=3600)] = 60.0
    rate: Annotated[float, Field(gt=0, le=600_000)] | None = None
    circuit: CircuitPart = CircuitPart()


class SubscriptionPart(_Part):
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    application: str
    type: str
    filter: str = ""
    fields: list[str] = []
    mapping: dict[str, Any] | None = None
    connector: str
    configuration: dict[str, Any] = {}
    secrets: dict[str, SecretReference] = {}
    policy: PolicyPart = PolicyPart()
    active: bool = True
    ordered: bool = True


Schema = Annotated[dict[str, Any], Field(min_length=1)]


class KeptPart(_Part):
    """`seconds`: an answer is given again without asking. `stale_seconds`: for how much longer when nobody answers."""

    seconds: Annotated[int, Field(ge=1, le=31 * 86400)]
    stale_seconds: Annotated[int, Field(ge=0, le=90 * 86400)] = 0


class ReaderPart(_Part):
    application: str
    purposes: Annotated[list[Slug], Field(min_length=1)]


class ProviderPart(_Part):
    """Who answers. `timeout`: at most that of the lookup; an equal share of what is left of it unless told. `absent`:
    when it has nothing, whether the next provider is asked."""

    slug: Slug
    application: str
    connector: str
    configuration: dict[str, Any] = {}
    secrets: dict[str, SecretReference] = {}
    mapping: dict[str, Any] | None = None
    timeout: Annotated[float, Field(gt=0, le=30)] | None = None
    absent: Literal["stop", "next"] = "stop"
    circuit: CircuitPart = CircuitPart(failures=3)


class LookupPart(_Part):
    """A question that applications may ask through the hub, and wait for. `instead`: what to ask of the person when
    nobody answers, as it is written in a sentence. `query` and `answer` are JSON Schemas."""

    name: Slug
    title: Annotated[str, Field(min_length=1, max_length=200)]
    instead: Annotated[str, Field(min_length=1, max_length=300)]
    timeout: Annotated[float, Field(gt=0, le=30)] = 5.0
    cache: KeptPart | None = None
    purposes: Annotated[dict[Slug, Annotated[str, Field(min_length=1, max_length=300)]], Field(min_length=1)]
    readers: list[ReaderPart] = []
    query: Schema
    answer: Schema
    providers: Annotated[list[ProviderPart], Field(min_length=1, max_length=10)]
    active: bool = True


class Star(_Part):
    star: Literal[1]
    authorities: list[AuthorityPart] = []
    applications: list[ApplicationPart] = []
    subscriptions: list[SubscriptionPart] = []
    lookups: list[LookupPart] = []


@dataclass(frozen=True, slots=True)
class StarFile:
    """A file whose form is right, and the lines of its places."""

    star: Star
    lines: dict[Place, int]

    def problem(self, place: Place, message: str) -> StarProblem:
        return StarProblem(place, message, line_of(self.lines, place))


def parse(text: str, folder: Path | None = None) -> StarFile:
    """Raises StarError with every problem of form. `folder`: where the files that the star names are."""
    lines: dict[Place, int] = {}
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        found = list(walk(root, (), lines)) if root is not None else []
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        message = f"not YAML: {getattr(error, 'problem', None) or error}"
        raise StarError([StarProblem((), message, mark.line + 1 if mark else None)]) from error
    faults = [StarProblem(place, "is written twice", line) for place, line in found]
    unread: list[Fault] = []
    content = included(content, folder, unread)
    faults += [StarProblem(place, message, line_of(lines, place)) for place, message in unread]
    try:
        star = Star.model_validate(content)
    except ValidationError as error:
        form = [StarProblem(place, _said(each), line_of(lines, place)) for place, each in _placed(error)]
        raise StarError(faults + form) from None
    if faults:
        raise StarError(faults)
    return StarFile(star, lines)


def _placed(error: ValidationError) -> Iterator[tuple[Place, Any]]:
    for each in error.errors(include_url=False, include_input=False):
        # The names of the alternatives of a union are not places of the file.
        yield tuple(part for part in each["loc"] if part not in ("str", "InterfacePart")), each


def _said(error: Any) -> str:
    if error["type"] == "string_type":
        return "a text is expected (put a number between quotes)"
    if error["type"] == "extra_forbidden":
        return "is not known here"
    if error["type"] == "missing":
        return "is missing"
    return str(error["msg"])
