"""Acts of a program on a case: in its own name for what anyone may say, in the name of an agent for the rest.

A decision has an author, who signs it (CRPA L212-1): a program never is one. It names the agent, who must hold the
right on this very case; the history says that both of them acted.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from etoile.gru.access.models import Account, Team
from etoile.gru.access.rights import Right, has_right
from etoile.gru.api import preconditions
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.audit import services as audit
from etoile.gru.cases import actors, queries
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.errors import CaseError, Incomplete, StaleCase
from etoile.gru.cases.models import Case

ACT = "cases:act"


def case_of(allowed: Allowed, case_id: uuid.UUID) -> Case:
    """Raises `Refusal` (404) for a case that is not there, or not this client's to read."""
    case = allowed.cases().filter(pk=case_id).first()
    if case is None:
        raise NOT_FOUND
    return case


def note_reading(allowed: Allowed, case: Case) -> None:
    """The person will be told that this program read their request."""
    audit.note_program_reading(
        authority=case.authority_id,
        program=allowed.client.name or allowed.client.client_id,
        client=allowed.client.client_id,
        subject=case.reference,
        case_id=case.pk,
    )


def program(allowed: Allowed) -> Actor:
    return actors.application(allowed.client.name or allowed.client.client_id)


def agent(allowed: Allowed, email: str, case: Case, right: Right) -> Account:
    """The agent in whose name the client acts. Raises `Refusal` (403, 422). Two statements."""
    allowed.need(ACT)
    account = known_account(allowed, email, "agent")
    if not queries.visible_to(account, right).filter(pk=case.pk).exists():
        raise Refusal(403, "forbidden", "Cet agent n'a pas ce droit sur cette demande", f"Droit nécessaire : {right}.")
    return _through(allowed, account)


def agent_somewhere(allowed: Allowed, email: str, right: Right) -> Account:
    """As `agent`, for what is not done to one case: the right is held in a team at least. Raises `Refusal` (403, 422).
    Two statements."""
    allowed.need(ACT)
    account = known_account(allowed, email, "agent")
    if not has_right(account, right):
        raise Refusal(403, "forbidden", "Cet agent n'a pas ce droit", f"Droit nécessaire : {right}.")
    return _through(allowed, account)


def known_account(allowed: Allowed, email: str, name: str) -> Account:
    """The agent that the value `name` of the request says. Raises `Refusal` (422)."""
    account = account_of(allowed, email)
    if account is None:
        raise Refusal(422, "unknown-agent", "Cet agent n'existe pas ici", errors=[(f"/{name}", "")])
    return account


def account_of(allowed: Allowed, email: str) -> Account | None:
    return Account.objects.of_email(email).filter(authority=allowed.authority, is_active=True).first()


def team_of(allowed: Allowed, slug: str) -> Team:
    """The team that the value `team` of the request says. Raises `Refusal` (422)."""
    team = Team.objects.filter(authority=allowed.authority, slug=slug).first()
    if team is None:
        raise Refusal(422, "unknown-team", "Ce service n'existe pas ici", errors=[("/team", "")])
    return team


def _through(allowed: Allowed, account: Account) -> Account:
    account.through = allowed.client.name or allowed.client.client_id
    return account


@contextmanager
def refusals() -> Iterator[None]:
    """What the verbs refuse, as problems: 412 for a case that changed, 422 for what lacks, 409 for the rest."""
    try:
        yield
    except StaleCase as error:
        raise preconditions.changed() from error
    except Incomplete as error:
        raise Refusal(422, "invalid-data", str(error)) from error
    except CaseError as error:
        raise Refusal(409, "not-possible", str(error)) from error
