"""The declarative connector for SOAP applications: everything particular to one of them is configuration."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etoile.connectors.soap import checking, exchange
from etoile.connectors.soap.answer import Reply
from etoile.connectors.soap.classification import outcome_of, says_absent
from etoile.connectors.soap.configuration import Configuration, Lookup, Success
from etoile.connectors.soap.freezing import ContractError, UnfitError
from etoile.contract.envelope import Event
from etoile.sdk import (
    Check,
    Connector,
    Context,
    DocumentError,
    DoorError,
    Manifest,
    MappingError,
    Outcome,
    OutcomeKind,
    Polled,
    Returned,
    formulas,
    progress,
)
from etoile.sdk.answers import Answer, redact, without_answer


@dataclass(frozen=True, slots=True)
class Record:
    """What the application holds for us: its number, its words for the agent, its present status."""

    external_id: str
    message: str = ""
    returned: tuple[Returned, ...] = ()


class Soap(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Look up, then record unless it is there. Can be repeated without doubling."""
        try:
            record = await self._find(event, context) or await self._create(event, context)
        except exchange.Stopped as stopped:
            return stopped.outcome
        except DoorError as error:
            return without_answer(error)
        except (formulas.FormulaError, MappingError, UnfitError) as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except ContractError as error:
            return Outcome.fix_data(f"La demande ne convient pas au contrat de l’application : {error}")
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        return Outcome.acknowledged(record.external_id, record.message, record.returned)

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """What changed since `cursor`. Raises DoorError with what the application answered, in French."""
        settings = context.configuration.poll
        if settings is None:
            return Polled(cursor)

        async def fetch(since: str) -> Answer:
            reply = await exchange.call(context, settings.operation, exchange.render(settings.request, since=since))
            if refusal := outcome_of(context.configuration.errors, reply, None):
                raise exchange.Stopped(refusal)
            return reply.answer

        try:
            return await progress.read_changes(settings, cursor, fetch)
        except exchange.Stopped as stopped:
            message, status = stopped.outcome.message, stopped.outcome.http_status
            raise DoorError("status", message, maybe_sent=True, status=status) from None
        except (formulas.FormulaError, MappingError, ContractError) as error:
            message = f"La liste de l’application n’est pas lisible : {error}"
            raise DoorError("status", message, maybe_sent=True) from None

    async def check(self, context: Context) -> list[Check]:
        """The contract, the mapping, the address, the credentials; changes nothing."""
        return await checking.run(context)

    async def _find(self, event: Event, context: Context) -> Record | None:
        """What the application already has under our reference: it may have written, then failed to answer."""
        lookup: Lookup | None = context.configuration.lookup
        if lookup is None or not (lookup.always or context.attempt > 1):
            return None
        told = event.to_dict()
        reply = await exchange.call(context, lookup.operation, exchange.render(lookup.request, event=told))
        if says_absent(lookup.absent, reply):
            return None
        if known := self._known(reply, told, context):
            return known
        values = reply.values(told)
        try:
            found = formulas.evaluate(lookup.found, **values)
        except formulas.FormulaError:
            # Creating after an answer that cannot be read would double it if it is there.
            words = "L’application a donné une réponse inattendue à la recherche : le contrat a peut-être changé."
            raise exchange.Stopped(Outcome.retry(words)) from None
        return self._record(lookup, "Déjà enregistrée par un essai précédent.", values, context) if found else None

    async def _create(self, event: Event, context: Context) -> Record:
        configuration: Configuration = context.configuration
        told = event.to_dict()
        if context.mapping is None:
            words = "La correspondance des champs manque : sans elle, la demande ne peut pas être écrite."
            raise exchange.Stopped(Outcome.fix_configuration(words))
        request = context.render()
        if not isinstance(request, dict):
            raise exchange.Stopped(Outcome.fix_configuration("La correspondance doit donner un groupe d’éléments."))
        try:
            reply = await exchange.call(context, configuration.operation, request)
            if known := self._known(reply, told, context):
                return known
            return self._created(reply, told, context)
        except DoorError as error:
            outcome, maybe = without_answer(error), error.maybe_sent
        except exchange.Stopped as stopped:
            outcome, maybe = stopped.outcome, stopped.maybe_written
        safe = configuration.lookup is not None or configuration.repeatable
        if not maybe or safe or outcome.kind is not OutcomeKind.RETRY:
            raise exchange.Stopped(outcome)
        # Nothing lets us ask the application, and a second request would be a second record.
        words = "L’application a peut-être enregistré la demande sans nous le dire. Regardez-y avant de relancer."
        raise exchange.Stopped(Outcome.manual(words, outcome.detail))

    def _created(self, reply: Reply, told: dict[str, Any], context: Context) -> Record:
        success: Success = context.configuration.success
        values = reply.values(told)
        try:
            recorded = formulas.evaluate(success.when, **values)
        except formulas.FormulaError:
            words = "L’application a donné une réponse inattendue : le contrat a peut-être changé."
            raise exchange.Stopped(Outcome.retry(words), maybe_written=True) from None
        if recorded is not True:
            reason = redact(formulas.optional_text(success.refusal, **values) or "sans explication.")
            raise exchange.Stopped(Outcome.fix_data(f"L’application n’a pas enregistré la demande : {reason}"))
        message = formulas.optional_text(success.message, **values) or ""
        return self._record(success, message, values, context)

    def _known(self, reply: Reply, told: dict[str, Any], context: Context) -> Record | None:
        """The record that a line of the error table recognises ("already recorded under …"). Raises Stopped."""
        outcome = outcome_of(context.configuration.errors, reply, told)
        if outcome is None:
            return None
        if outcome.kind is OutcomeKind.ACKNOWLEDGED and outcome.external_id:
            return Record(outcome.external_id, outcome.message)
        # A fault says that it was not done; a page instead of an answer, or a gateway that gave up, says nothing.
        silent = reply.fault is None and (reply.answer.status < 300 or reply.answer.status in (500, 502, 504))
        raise exchange.Stopped(outcome, maybe_written=silent)

    def _record(self, read: Success | Lookup, message: str, values: dict[str, Any], context: Context) -> Record:
        try:
            return Record(formulas.text(read.external_id, **values), message, self._status(read, values, context))
        except formulas.FormulaError:
            outcome = Outcome.retry("L’application a donné une réponse inattendue : son numéro n’y est pas.")
            raise exchange.Stopped(outcome, maybe_written=True) from None

    def _status(self, read: Success | Lookup, values: dict[str, Any], context: Context) -> tuple[Returned, ...]:
        """The status that an answer shows already: found later, it may have changed while the hub knew no number."""
        poll = context.configuration.poll
        if poll is None or read.item is None:
            return ()
        try:
            return (progress.status_of(poll, formulas.evaluate(read.item, **values))[1],)
        except formulas.FormulaError:
            return ()
