"""Who acts on a case: what the history prints, and what the table of moves checks."""

from dataclasses import dataclass

from etoile.gru.access.models import Account
from etoile.gru.cases.states import ActorKind
from etoile.gru.cases.typed import readable


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    name: str
    account: Account | None = None


def person(name: str = "") -> Actor:
    return Actor(ActorKind.PERSON, readable(name) or "Usager")


def agent(account: Account) -> Actor:
    name = str(account)
    return Actor(ActorKind.AGENT, f"{name} ({account.through})" if account.through else name, account)


def application(name: str) -> Actor:
    return Actor(ActorKind.APPLICATION, name)


def system() -> Actor:
    return Actor(ActorKind.SYSTEM, "Étoile")
