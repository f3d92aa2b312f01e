"""Look up, then record unless it is there; read what changed. What is asked, and how, is the connector's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from etoile.contract.envelope import Event
from etoile.sdk import formulas, progress
from etoile.sdk.answers import Answer, without_answer
from etoile.sdk.connector import Check, Connector, Polled
from etoile.sdk.context import Context
from etoile.sdk.declared.settings import Lookup, Success
from etoile.sdk.documents import DocumentError
from etoile.sdk.door import DoorError
from etoile.sdk.mapping import MappingError
from etoile.sdk.outcome import Outcome, OutcomeKind, Returned

NO_WAY_BACK = (
    "La correspondance de l’abonnement ne dit pas ce que veulent dire les états de l’application :"
    " ajoutez-y la partie « return »."
)
STRANGE_SEARCH = "L’application a donné une réponse inattendue à la recherche : sa forme a peut-être changé."
STRANGE_ANSWER = "L’application a donné une réponse inattendue : sa forme a peut-être changé."
NO_NUMBER = "L’application a donné une réponse inattendue : son numéro n’y est pas."
Reply = TypeVar("Reply")


class Stopped(Exception):
    """The exchange ends here, with this outcome. `maybe_written`: the application may have recorded all the same."""

    def __init__(self, outcome: Outcome, *, maybe_written: bool = False) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome
        self.maybe_written = maybe_written


@dataclass(frozen=True, slots=True)
class Record:
    """What the application holds for us: its number, what names it in addresses, its words for the agent, its present
    status."""

    external_id: str
    handle: str
    message: str = ""
    returned: tuple[Returned, ...] = ()


class Declared(Connector, Generic[Reply]):
    """Its Configuration has `success`, `errors`, `lookup` and `poll` (see `settings`, `progress`); `Reply` is what an
    answer is to it. `unreadable`: what is raised for a list that cannot be read."""

    unreadable: ClassVar[tuple[type[Exception], ...]] = (formulas.FormulaError, MappingError)

    async def search(self, lookup: Any, told: dict[str, Any], context: Context) -> Reply | None:
        """Asks for what it has under our reference; None when it says that there is nothing."""
        raise NotImplementedError

    async def send(self, told: dict[str, Any], context: Context) -> Reply:
        """Asks it to record."""
        raise NotImplementedError

    async def changes(self, since: str, context: Context) -> Answer:
        """Asks for what changed since a position. Raises Stopped for an answer that is no list."""
        raise NotImplementedError

    def judged(self, reply: Reply, told: dict[str, Any], context: Context) -> Outcome | None:
        """What the table and the protocol say of an answer; None when its content decides."""
        raise NotImplementedError

    def values(self, reply: Reply, told: dict[str, Any]) -> dict[str, Any]:
        """The variables of expressions: `response` and `event`."""
        raise NotImplementedError

    def refusal(self, reply: Reply, told: dict[str, Any], context: Context) -> str:
        """Why a success is none, in the application's words."""
        raise NotImplementedError

    def maybe_written(self, reply: Reply) -> bool:
        """Whether an answer that is judged leaves a doubt: it may have recorded."""
        return False

    async def completed(self, record: Record, event: Event, context: Context) -> None:
        """What remains to do once it is recorded."""

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Look up, record unless it is there, complete. Each step can be repeated without doubling."""
        told = event.to_dict()
        try:
            record = await self._find(told, context) or await self.create(told, context)
            await self.completed(record, event, context)
        except Stopped as stopped:
            return stopped.outcome
        except DoorError as error:
            return without_answer(error)
        except (formulas.FormulaError, MappingError) as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        return Outcome.acknowledged(record.external_id, record.message, record.returned)

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """What changed since `cursor`. Raises DoorError with what the application answered, in French."""
        settings = context.configuration.poll
        if settings is None:
            return Polled(cursor)
        back = context.way_back
        if back is None:
            raise DoorError("status", NO_WAY_BACK)
        with self.listing():
            return await progress.read_changes(settings, cursor, lambda since: self.changes(since, context), back)

    @contextmanager
    def listing(self) -> Iterator[None]:
        """A list is read within: what goes wrong is told as a DoorError."""
        try:
            yield
        except Stopped as stopped:
            message, status = stopped.outcome.message, stopped.outcome.http_status
            raise DoorError("status", message, maybe_sent=True, status=status) from None
        except self.unreadable as error:
            message = f"La liste de l’application n’est pas lisible : {error}"
            raise DoorError("status", message, maybe_sent=True) from None

    async def create(self, told: dict[str, Any], context: Context) -> Record:
        """Asks it to record, and reads its answer. Raises Stopped."""
        reply = await self.send(told, context)
        if known := self._known(reply, told, context):
            return known
        success: Success = context.configuration.success
        values = self.values(reply, told)
        try:
            recorded = formulas.evaluate(success.when, **values)
        except formulas.FormulaError:
            raise Stopped(Outcome.retry(STRANGE_ANSWER), maybe_written=True) from None
        if recorded is not True:
            words = self.refusal(reply, told, context)
            raise Stopped(Outcome.fix_data(f"L’application n’a pas enregistré la demande : {words}"))
        message = formulas.optional_text(success.message, **values) or ""
        return self._record(success, message, values, context)

    async def _find(self, told: dict[str, Any], context: Context) -> Record | None:
        """What the application already has under our reference: it may have written, then failed to answer."""
        lookup: Lookup | None = context.configuration.lookup
        if lookup is None or not (lookup.always or context.attempt > 1):
            return None
        reply = await self.search(lookup, told, context)
        if reply is None:
            return None
        if known := self._known(reply, told, context):
            return known
        values = self.values(reply, told)
        try:
            found = formulas.evaluate(lookup.found, **values)
        except formulas.FormulaError:
            # Creating after an answer that cannot be read would double it if it is there.
            raise Stopped(Outcome.retry(STRANGE_SEARCH)) from None
        return self._record(lookup, "Déjà enregistrée par un essai précédent.", values, context) if found else None

    def _known(self, reply: Reply, told: dict[str, Any], context: Context) -> Record | None:
        """The record that a line of the error table recognises ("already recorded under …"). Raises Stopped."""
        outcome = self.judged(reply, told, context)
        if outcome is None:
            return None
        if outcome.kind is OutcomeKind.ACKNOWLEDGED and outcome.external_id:
            return Record(outcome.external_id, outcome.external_id, outcome.message)
        raise Stopped(outcome, maybe_written=self.maybe_written(reply))

    def _record(self, read: Success | Lookup, message: str, values: dict[str, Any], context: Context) -> Record:
        handle: str | None = getattr(read, "handle", None)
        try:
            number = formulas.text(read.external_id, **values)
            named = formulas.text(handle, **values) if handle else number
        except formulas.FormulaError:
            # Recorded or not, nobody can tell: the next try looks it up.
            raise Stopped(Outcome.retry(NO_NUMBER), maybe_written=True) from None
        return Record(number, named, message, _status(read, values, context))


def way_back_check(context: Context) -> list[Check]:
    """Whether the mapping says what the states of the application mean, for one that is asked for them."""
    if context.configuration.poll is None:
        return []
    understood = context.way_back is not None
    words = "La correspondance dit ce que veulent dire les états de l’application." if understood else NO_WAY_BACK
    return [Check("return", understood, words)]


def _status(read: Success | Lookup, values: dict[str, Any], context: Context) -> tuple[Returned, ...]:
    """The status that an answer shows already: found later, it may have changed while the hub knew no number."""
    back, poll = context.way_back, context.configuration.poll
    if back is None or poll is None or read.item is None:
        return ()
    try:
        item = formulas.evaluate(read.item, **values)
        return (progress.status_of(back, item, formulas.optional_text(poll.position, item=item) or "")[1],)
    except (formulas.FormulaError, MappingError):
        return ()
