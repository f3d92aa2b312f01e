"""The declarative connector for REST/JSON applications: everything particular to one of them is configuration."""

from datetime import datetime
from pathlib import Path
from typing import Any

from etoile.connectors.http_json import attachments, exchange, holding
from etoile.connectors.http_json.classification import outcome_of
from etoile.connectors.http_json.configuration import Configuration, Lookup
from etoile.contract.envelope import Event
from etoile.sdk import Check, Context, DoorError, Holding, Manifest, Outcome, access, formulas
from etoile.sdk.answers import Answer, by_status, without_answer
from etoile.sdk.declared import Declared, Record, Stopped, way_back_check


class HttpJson(Declared[Answer]):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def search(self, lookup: Lookup, told: dict[str, Any], context: Context) -> Answer | None:
        answer = await exchange.call(context, "GET", formulas.fill(lookup.path, event=told))
        return None if answer.status == 404 and answer.is_json else answer

    async def send(self, told: dict[str, Any], context: Context) -> Answer:
        request = context.configuration.request
        headers = {name: " ".join(formulas.leaf(text, event=told).split()) for name, text in request.headers.items()}
        if request.idempotency_header:
            headers[request.idempotency_header] = f'"{context.idempotency_key}"'
        body = await context.filled(context.render()) if context.mapping is not None else told["data"]
        path = formulas.fill(request.path, event=told)
        return await exchange.call(context, request.method, path, headers=headers, json=body)

    async def changes(self, since: str, context: Context) -> Answer:
        return await _listed(context, formulas.fill(context.configuration.poll.path, since=since))

    def judged(self, reply: Answer, told: dict[str, Any], context: Context) -> Outcome | None:
        return outcome_of(context.configuration, reply, told)

    def values(self, reply: Answer, told: dict[str, Any]) -> dict[str, Any]:
        return {"response": reply.for_expressions(), "event": told}

    def refusal(self, reply: Answer, told: dict[str, Any], context: Context) -> str:
        return reply.words()

    async def completed(self, record: Record, event: Event, context: Context) -> None:
        await attachments.send_all(context, event, handle=record.handle, external_id=record.external_id)

    async def held(self, since: datetime, context: Context) -> Holding | None:
        """What the application received or changed since then. Raises DoorError as `poll` does."""
        settings = context.configuration.held
        if settings is None:
            return None
        with self.listing():
            return await holding.read(settings, since, lambda path: _listed(context, path))

    async def check(self, context: Context) -> list[Check]:
        """Settings, reachability, credentials; changes nothing."""
        configuration: Configuration = context.configuration
        faults = formulas.all_of(configuration)
        checks = [Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")]
        checks += way_back_check(context)
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


async def _listed(context: Context, path: str) -> Answer:
    answer = await exchange.call(context, "GET", path)
    if refusal := by_status(answer):
        raise Stopped(refusal)
    return answer
