"""The declarative connector for REST/JSON applications: everything particular to one of them is configuration."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from etoile.connectors.http_json import attachments, exchange, holding
from etoile.connectors.http_json.classification import by_table
from etoile.connectors.http_json.configuration import Configuration, Lookup, Success
from etoile.contract.envelope import Event
from etoile.sdk import (
    Check,
    Connector,
    Context,
    DocumentError,
    DoorError,
    Holding,
    Manifest,
    MappingError,
    Outcome,
    OutcomeKind,
    Polled,
    Returned,
    access,
    formulas,
    progress,
)
from etoile.sdk.answers import Answer, by_status, without_answer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """What the application holds for us: its number, what names it in addresses, its words for the agent."""

    external_id: str
    handle: str
    message: str = ""
    returned: tuple[Returned, ...] = ()


class HttpJson(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Look up, record unless it is there, send the documents. Each step can be repeated without doubling."""
        try:
            record = await self._find(event, context) or await self._create(event, context)
            await attachments.send_all(context, event, handle=record.handle, external_id=record.external_id)
        except exchange.Stopped as stopped:
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

        def reading(fetch: progress.Fetch) -> Awaitable[Polled]:
            return progress.read_changes(
                settings, cursor, lambda since: fetch(formulas.fill(settings.path, since=since))
            )

        return await self._read(reading, context)

    async def held(self, since: datetime, context: Context) -> Holding | None:
        """What the application received or changed since then. Raises DoorError as `poll` does."""
        settings = context.configuration.held
        if settings is None:
            return None
        return await self._read(lambda fetch: holding.read(settings, since, fetch), context)

    async def _read(self, reading: Callable[[progress.Fetch], Awaitable[T]], context: Context) -> T:
        async def fetch(path: str) -> Answer:
            answer = await exchange.call(context, "GET", path)
            if refusal := by_status(answer):
                raise exchange.Stopped(refusal)
            return answer

        try:
            return await reading(fetch)
        except exchange.Stopped as stopped:
            message, status = stopped.outcome.message, stopped.outcome.http_status
            raise DoorError("status", message, maybe_sent=True, status=status) from None
        except formulas.FormulaError as error:
            message = f"La liste de l’application n’est pas lisible : {error}"
            raise DoorError("status", message, maybe_sent=True) from None

    async def check(self, context: Context) -> list[Check]:
        """Settings, reachability, credentials; changes nothing."""
        configuration: Configuration = context.configuration
        faults = formulas.all_of(configuration)
        checks = [Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")]
        checks += access.checks(context, configuration.authentication)
        if configuration.check is None:
            return [*checks, Check("reachability", True, "Aucune requête d’essai n’est réglée : rien n’a été demandé.")]
        try:
            answer = await exchange.call(context, "GET", configuration.check.path)
        except DoorError as error:
            return [*checks, access.failed(error, without_answer(error).message)]
        if answer.status in (401, 403):
            refused = by_status(answer)
            message = refused.message if refused else ""
            reached = Check("reachability", True, "L’application répond.")
            return [*checks, reached, Check("credentials", False, message)]
        refusal = by_status(answer)
        if refusal:
            return [*checks, Check("reachability", False, refusal.message)]
        reached = Check("reachability", True, "L’application répond.")
        return [*checks, reached, Check("credentials", True, "L’application accepte nos identifiants.")]

    async def _find(self, event: Event, context: Context) -> Record | None:
        """What the application already has under our reference: it may have written, then failed to answer."""
        lookup = context.configuration.lookup
        if lookup is None or not (lookup.always or context.attempt > 1):
            return None
        values: dict[str, Any] = {"event": event.to_dict()}
        answer = await exchange.call(context, "GET", formulas.fill(lookup.path, **values))
        if answer.status == 404 and answer.is_json:
            return None
        if known := self._known_by_table(answer, event, context):
            return known
        values["response"] = answer.for_expressions()
        if not _judged(lookup.found, values):
            return None
        return self._record(lookup, "Déjà enregistrée par un essai précédent.", values, context)

    async def _create(self, event: Event, context: Context) -> Record:
        request, success = context.configuration.request, context.configuration.success
        values: dict[str, Any] = {"event": event.to_dict()}
        headers = {name: " ".join(formulas.leaf(value, **values).split()) for name, value in request.headers.items()}
        if request.idempotency_header:
            headers[request.idempotency_header] = f'"{context.idempotency_key}"'
        body = await context.filled(context.render()) if context.mapping is not None else event.data
        path = formulas.fill(request.path, **values)
        answer = await exchange.call(context, request.method, path, headers=headers, json=body)
        if known := self._known_by_table(answer, event, context):
            return known
        values["response"] = answer.for_expressions()
        if not _judged(success.when, values):
            words = answer.words()
            raise exchange.Stopped(Outcome.fix_data(f"L’application n’a pas enregistré la demande : {words}"))
        message = formulas.optional_text(success.message, **values) or ""
        return self._record(success, message, values, context)

    def _known_by_table(self, answer: Answer, event: Event, context: Context) -> Record | None:
        """The record that a line of the error table recognises ("already recorded under …"). Raises Stopped."""
        outcome = by_table(context.configuration.errors, answer, event.to_dict()) or by_status(answer)
        if outcome is None:
            return None
        if outcome.kind is OutcomeKind.ACKNOWLEDGED and outcome.external_id:
            return Record(outcome.external_id, outcome.external_id, outcome.message)
        raise exchange.Stopped(outcome)

    def _record(self, read: Success | Lookup, message: str, values: dict[str, Any], context: Context) -> Record:
        try:
            number = formulas.text(read.external_id, **values)
            handle = formulas.text(read.handle, **values) if read.handle else number
            return Record(number, handle, message, self._status(read, values, context))
        except formulas.FormulaError:
            # Recorded or not, nobody can tell: the next try looks it up.
            outcome = Outcome.retry("L’application a donné une réponse inattendue : son numéro n’y est pas.")
            raise exchange.Stopped(outcome) from None

    def _status(self, read: Success | Lookup, values: dict[str, Any], context: Context) -> tuple[Returned, ...]:
        """The status that an answer shows already: found later, it may have changed while the hub knew no number."""
        poll = context.configuration.poll
        if poll is None or read.item is None:
            return ()
        try:
            return (progress.status_of(poll, formulas.evaluate(read.item, **values))[1],)
        except formulas.FormulaError:
            return ()


def _judged(condition: str, values: dict[str, Any]) -> bool:
    """Whether a condition holds. Raises Stopped when this answer has not what it reads: neither a yes nor a no."""
    try:
        return formulas.evaluate(condition, **values) is True
    except formulas.FormulaError:
        unreadable = "L’application a donné une réponse inattendue : il y manque de quoi savoir si elle a enregistré."
        raise exchange.Stopped(Outcome.retry(unreadable, detail=condition)) from None
