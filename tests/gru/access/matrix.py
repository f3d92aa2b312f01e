"""Who gets in where: every address of the agents and of the programs, tried by a few accounts, as a table."""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from tests.gru.access.real import Real

from etoile.gru.access.rights import RIGHTS

AGENTS, PROGRAMS = "agents/", "api/v1/"
MACHINES = ("api/", "documents/", "design/")
# Of a case: the right is asked on that very case, inside.
OF_A_CASE = re.compile(r"^agents/(archives/)?demandes/<uuid:pk>/")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# But for what every visit leaves: that somebody is there, what was refused, who read what.
WRITES = re.compile(
    r"(?<!FOR )(?<!DO )\b(INSERT INTO|UPDATE|DELETE FROM) "
    r'"?(?!(?:access|accounts)_session|axes_|audit_|throttles_)(\w+)'
)
# What a link may write, by address: that it was read, or fetched; the code that takes a draft up, when first shown.
BY_READING = {
    "/agents/demandes/[0-9a-f-]+/": {"cases_message"},
    "/suivi/[^/]+/": {"cases_message"},
    "/agents/lots/[0-9a-f-]+/fichier/": {"batches_batch"},
    "/(agents/saisie/demarche|demarches)/.+/plus-tard": {"filling_draft"},
}
REFUSED = frozenset({401, 403, 404})
SHOWN = frozenset({200, 409, 422})


@dataclass(frozen=True, slots=True)
class Route:
    """`guard`: empty, public; `agent`, any agent; else a scope. `right`: what the view asks for before anything."""

    path: str
    guard: str
    right: str
    method: str = ""

    @property
    def names_something(self) -> bool:
        return "<" in self.path

    @property
    def of_a_case(self) -> bool:
        return bool(OF_A_CASE.match(self.path))

    def address(self, known: dict[str, Any]) -> str:
        """With what exists, where it is known; else with something of the right shape."""

        def value(found: re.Match[str]) -> str:
            shape, name = found.groups()
            usual = {"uuid": str(uuid.UUID(int=7)), "int": "1"}.get(shape or "", "rien")
            return str(known.get(f"{shape}:{name}", known.get(name, usual)))

        return "/" + PARAMETER.sub(value, self.path)


def routes(beginning: str) -> list[Route]:
    """In the order of their addresses, those that are public left out."""
    found = [each for each in _walk(get_resolver().url_patterns) if each.path.startswith(beginning) and each.guard]
    return sorted(set(found), key=lambda each: (each.path, each.method))


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def public_routes() -> list[Route]:
    """Those that ask for no account and name something."""
    found = [each for each in _walk(get_resolver().url_patterns) if not each.guard and each.names_something]
    return [each for each in found if not each.path.startswith(MACHINES)]


def _walk(patterns: Any, prefix: str = "") -> Iterator[Route]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(path, _marked(entry.callback, "guarded"), _marked(entry.callback, "right"))
        else:
            yield from _walk(entry.url_patterns, path)


def _marked(callback: Any, name: str) -> str:
    while callback is not None:
        if getattr(callback, name, None):
            return str(getattr(callback, name))
        callback = getattr(callback, "__wrapped__", None)
    return ""


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables in which something is written meanwhile."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        found = WRITES.search(sql)
        if found and context["cursor"].rowcount > 0:
            tables.add(found[2])
        return result

    with connection.execute_wrapper(watch):
        yield tables


def read(client: Client, address: str) -> Any:
    """The answer to a link; nothing is written but what `BY_READING` says."""
    with written() as tables:
        answer = client.get(address)
    may = {table for route, known in BY_READING.items() if re.fullmatch(route, address) for table in known}
    assert tables <= may, f"a link changes something: {address} writes in {sorted(tables - may)}"
    return answer


# The addresses that are not read: asked once, then known.
_posted: set[str] = set()


def tried(client: Client, address: str, body: dict[str, str] | None = None) -> tuple[int, bool]:
    """The status of reading, else of this form or an empty one, and whether something was written; it is forgotten.

    Raises AssertionError when reading wrote something, where it should not (ASVS 3.5.3)."""
    carried = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = read(client, address) if address not in _posted and body is None else None
        wrote = False
        if answer is None or answer.status_code == 405:
            _posted.add(address)
            with written() as tables:
                answer = client.post(address, body)
            wrote = bool(tables)
        if answer.streaming:
            list(answer.streaming_content)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(carried)
    return answer.status_code, wrote


def opens(client: Client, address: str) -> bool:
    """Not refused: what is missing further down is not a refusal."""
    return tried(client, address)[0] not in REFUSED


def reached(owner: Client, others: Iterable[Client], real: Real) -> list[bool]:
    """Of the others, who is shown something, or changes it: being sent back to one's own list is neither.

    Where an empty form changes nothing for its owner either, not to be refused is to reach. Raises AssertionError when
    the owner is refused: the others' refusal would prove nothing."""
    status, wrote = tried(owner, real.address, real.body)
    assert status not in REFUSED, f"whose it is does not reach {real.address}: {status}"
    telling = wrote or status in SHOWN
    found = [tried(each, real.address, real.body) for each in others]
    return [wrote or (status in SHOWN if telling else status not in REFUSED) for status, wrote in found]


def roles_with(right: str) -> list[str]:
    return [role.value for role, rights in RIGHTS.items() if right in rights]


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
