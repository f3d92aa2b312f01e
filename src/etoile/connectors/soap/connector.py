"""The declarative connector for SOAP applications: everything particular to one of them is configuration."""

from pathlib import Path
from typing import Any

from etoile.connectors.soap import checking, exchange
from etoile.connectors.soap.answer import Reply
from etoile.connectors.soap.classification import outcome_of, says_absent
from etoile.connectors.soap.configuration import Configuration, Lookup
from etoile.connectors.soap.freezing import ContractError, UnfitError
from etoile.contract.envelope import Event
from etoile.sdk import Check, Context, DoorError, Manifest, Outcome, OutcomeKind, formulas
from etoile.sdk.answers import Answer, redact, without_answer
from etoile.sdk.declared import Declared, Record, Stopped

PERHAPS = "L’application a peut-être enregistré la demande sans nous le dire. Regardez-y avant de relancer."
NO_MAPPING = "La correspondance des champs manque : sans elle, la demande ne peut pas être écrite."


class Soap(Declared[Reply]):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration
    unreadable = (*Declared.unreadable, ContractError)

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Look up, then record unless it is there. Can be repeated without doubling."""
        try:
            return await super().deliver(event, context)
        except UnfitError as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except ContractError as error:
            return Outcome.fix_data(f"La demande ne convient pas au contrat de l’application : {error}")

    async def check(self, context: Context) -> list[Check]:
        """The contract, the mapping, the address, the credentials; changes nothing."""
        return await checking.run(context)

    async def search(self, lookup: Lookup, told: dict[str, Any], context: Context) -> Reply | None:
        if context.http.rehearsing:
            # A search is a POST like the rest: the rehearsal would take it for what it was asked to show.
            return None
        reply = await exchange.call(context, lookup.operation, exchange.render(lookup.request, event=told))
        return None if says_absent(lookup.absent, reply) else reply

    async def send(self, told: dict[str, Any], context: Context) -> Reply:
        if context.mapping is None:
            raise Stopped(Outcome.fix_configuration(NO_MAPPING))
        request = context.render()
        if not isinstance(request, dict):
            raise Stopped(Outcome.fix_configuration("La correspondance doit donner un groupe d’éléments."))
        return await exchange.call(context, context.configuration.operation, request)

    async def changes(self, since: str, context: Context) -> Answer:
        settings = context.configuration.poll
        reply = await exchange.call(context, settings.operation, exchange.render(settings.request, since=since))
        if refusal := outcome_of(context.configuration.errors, reply, None):
            raise Stopped(refusal)
        return reply.answer

    def judged(self, reply: Reply, told: dict[str, Any], context: Context) -> Outcome | None:
        return outcome_of(context.configuration.errors, reply, told)

    def values(self, reply: Reply, told: dict[str, Any]) -> dict[str, Any]:
        return reply.values(told)

    def refusal(self, reply: Reply, told: dict[str, Any], context: Context) -> str:
        words = formulas.optional_text(context.configuration.success.refusal, **reply.values(told))
        return redact(words or "sans explication.")

    def maybe_written(self, reply: Reply) -> bool:
        """A fault says that it was not done; a page instead of an answer, or a gateway that gave up, says nothing."""
        return reply.fault is None and (reply.answer.status < 300 or reply.answer.status in (500, 502, 504))

    async def create(self, told: dict[str, Any], context: Context) -> Record:
        configuration: Configuration = context.configuration
        try:
            return await super().create(told, context)
        except DoorError as error:
            outcome, maybe = without_answer(error), error.maybe_sent
        except Stopped as stopped:
            outcome, maybe = stopped.outcome, stopped.maybe_written
        safe = configuration.lookup is not None or configuration.repeatable
        if not maybe or safe or outcome.kind is not OutcomeKind.RETRY:
            raise Stopped(outcome)
        # Nothing lets us ask the application, and a second request would be a second record.
        raise Stopped(Outcome.manual(PERHAPS, outcome.detail))
