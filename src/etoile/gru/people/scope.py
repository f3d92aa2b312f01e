"""For whom the user base is read or written: an agent, a person, or a named task. Nothing is read for nobody.

    with scope.of_agent(account): …             # the persons of the sectors the agent works for
    with scope.of_person(person.pk): …          # that person, and nobody else
    with scope.of_task("erasure"): …            # everybody: what the server does by itself, under a name

The scope is that of the thread or of the asynchronous task it was declared in. It filters in Python (`models.Sealed`),
and travels with each statement to PostgreSQL, which applies it again (`wall`, docs/adr/0059).
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from etoile.gru.access.models import Account
from etoile.gru.access.rights import Right, roles_with

READING: Right = "cases.read"
_NAME = re.compile(r"[a-z][a-z_]{2,39}")
_AUTHOR = re.compile(r"[a-z]{3,12}(/[\w.@-]{1,80})?", re.ASCII)


class OutOfScope(RuntimeError):
    """A row of the user base was asked for while nobody was named it would be shown to."""

    def __init__(self) -> None:
        super().__init__(
            "the user base is read for somebody: declare an agent, a person or a task (etoile.gru.people.scope)"
        )


class Kind(StrEnum):
    AGENT = "agent"
    PERSON = "person"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Scope:
    """`who`: the key of the account, those of the persons, or the name of the task. `author`: who answers for what is
    written: `agent/12`, `person`, `application/ville-app`, `task/erasure`."""

    kind: Kind
    who: str
    author: str
    persons: tuple[uuid.UUID, ...] = ()
    account: Account | None = None
    authority: int | None = None

    def said(self) -> str:
        """As PostgreSQL reads it: four parts, no character that would need quoting."""
        within = ",".join(roles_with(READING)) if self.kind is Kind.AGENT else str(self.authority or "")
        return f"{self.kind}:{self.who}:{within}:{self.author}"


Later = Callable[[], Scope | None]
_current: ContextVar[Scope | Later | None] = ContextVar("etoile_people_scope", default=None)


def current() -> Scope:
    """The scope in force. Raises `OutOfScope` when there is none."""
    found = known()
    if found is None:
        raise OutOfScope
    return found


def known() -> Scope | None:
    found = _current.get()
    return found if found is None or isinstance(found, Scope) else found()


def agent(account: Account, author: str = "") -> Scope:
    return Scope(Kind.AGENT, str(account.pk), _checked(author or f"agent/{account.pk}"), account=account)


@contextmanager
def of_agent(account: Account) -> Iterator[Scope]:
    """The persons present in the sectors in which the account may read cases."""
    with _in_force(agent(account)) as scope:
        yield scope


@contextmanager
def of_person(*persons: uuid.UUID, author: str = "") -> Iterator[Scope]:
    """These persons alone, who may not exist yet. Whoever was acting stays the author, else the person is."""
    outer = known()
    named = author or (outer.author if outer is not None else "person")
    with _in_force(
        Scope(Kind.PERSON, ",".join(map(str, persons)), _checked(named), persons=tuple(persons)),
    ) as scope:
        yield scope


@contextmanager
def of_task(name: str, *, authority: int | None = None, author: str = "") -> Iterator[Scope]:
    """What the server does by itself, for every person or for those of one authority. Grep for the names: they are the
    list of what goes beyond sectors. Not for the sake of a page that is missing a scope."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a task: {name!r}")
    with _in_force(Scope(Kind.TASK, name, _checked(author or f"task/{name}"), authority=authority)) as scope:
        yield scope


@contextmanager
def kept_or_of_person(person: uuid.UUID) -> Iterator[Scope]:
    """The scope in force if there is one; else that person, whose case the caller was let into by other means."""
    found = known()
    if found is not None:
        yield found
        return
    with of_person(person) as scope:
        yield scope


@contextmanager
def later(find: Later) -> Iterator[None]:
    """A scope found only if the user base is touched, which most requests do not."""
    token = _current.set(find)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def _in_force(scope: Scope) -> Iterator[Scope]:
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def _checked(author: str) -> str:
    if not _AUTHOR.fullmatch(author):
        raise ValueError(f"not an author: {author!r}")
    return author
