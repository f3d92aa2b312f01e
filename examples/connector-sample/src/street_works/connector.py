"""Records a request in the application, and reads its progress back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from etoile.contract.envelope import Event
from etoile.sdk import Check, Connector, Context, DoorError, Manifest, MappingError, Outcome, Polled
from etoile.sdk.answers import Answer, by_status, without_answer

UNEXPECTED = "L’application a donné une réponse inattendue."


class Configuration(BaseModel):
    """What the town sets, once per subscription. Titles and descriptions make its screen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(
        pattern=r"^https?://[^\s]*[^\s/]$",
        title="Adresse de l’application",
        description="Celle que donne l’éditeur, sans barre oblique à la fin.",
    )
    timeout: float = Field(
        default=15,
        gt=0,
        le=60,
        title="Délai de réponse (secondes)",
        description="Au-delà, le hub n’attend plus et réessaie plus tard.",
    )


class StreetWorks(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """The key makes a second try harmless: the application gives the number of the first."""
        try:
            answer = await self._ask(context, "POST", "/requests", context.render())
        except MappingError as error:
            return Outcome.fix_configuration(f"Réglage à revoir : {error}")
        except DoorError as error:
            return without_answer(error)
        if refusal := by_status(answer):
            return refusal
        # A success is read in the body: a firewall's page, or another version's answer, is none.
        number = answer.body.get("number") if isinstance(answer.body, dict) else None
        if not number:
            return Outcome.retry(UNEXPECTED)
        return Outcome.acknowledged(str(number), "La demande est enregistrée.")

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """What changed after `cursor`, the application's own counter."""
        answer = await self._ask(context, "GET", f"/changes?after={int(cursor or 0)}")
        if refusal := by_status(answer):
            raise DoorError("status", refusal.message, maybe_sent=True, status=answer.status)
        try:
            return self._changes(cursor, answer.body["changes"], context)
        except (KeyError, TypeError, MappingError):
            raise DoorError("status", UNEXPECTED, maybe_sent=True) from None

    async def check(self, context: Context) -> list[Check]:
        try:
            answer = await self._ask(context, "GET", "/version")
        except DoorError as error:
            return [Check("reachability", False, without_answer(error).message)]
        reached = Check("reachability", True, "L’application répond.")
        if refusal := by_status(answer):
            return [reached, Check("credentials", False, refusal.message)]
        return [reached, Check("credentials", True, "L’application accepte notre clé.")]

    def _changes(self, cursor: str | None, changes: list[dict[str, Any]], context: Context) -> Polled:
        read = [answered.returned for each in changes if (answered := context.answered(each))]
        last = max((each.sequence or 0 for each in read), default=int(cursor or 0))
        return Polled(str(last), [(each.external_id or "", each) for each in read])

    async def _ask(self, context: Context, method: str, path: str, content: Any = None) -> Answer:
        response = await context.http.request(
            method,
            context.configuration.base_url + path,
            headers={"X-API-Key": context.secrets.get("key", ""), "Idempotency-Key": context.idempotency_key},
            json=content,
            timeout=min(context.configuration.timeout, context.remaining),
        )
        return Answer.read(response.status, response.headers, response.body)
