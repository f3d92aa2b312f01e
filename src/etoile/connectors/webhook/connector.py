"""Delivery to any application that receives events: CloudEvents (structured), signed as Standard Webhooks says."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from etoile.contract.envelope import Event
from etoile.sdk import Check, Connector, Context, DoorError, Manifest, Outcome, access
from etoile.sdk.access import Access
from etoile.sdk.answers import Answer, by_status, without_answer

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


class Configuration(BaseModel):
    """What the town sets once per subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        title="Adresse qui reçoit les évènements",
        description="Celle que donne l’éditeur ; elle reçoit chaque évènement entier, signé.",
        pattern=r"^https?://[^\s]+$",
    )
    timeout: float = Field(
        default=15,
        gt=0,
        le=30,
        title="Délai de réponse (secondes)",
        description="Au-delà, le hub n’attend plus et réessaie plus tard.",
    )
    accept: tuple[Literal["empty", "json"], ...] = Field(
        default=("empty", "json"),
        min_length=1,
        title="Réponses reconnues comme une réussite",
        description="« empty » : une réponse vide ; « json » : un objet JSON. Une page web n’en est jamais une.",
    )
    signing_secrets: tuple[str, ...] = Field(
        default=("signing_secret",),
        min_length=1,
        title="Noms des secrets de signature (plusieurs le temps d’un changement)",
        description="L’éditeur reçoit le même secret, et vérifie par lui que l’évènement vient de nous.",
    )
    external_id_required: bool = Field(
        default=False,
        title="La réponse doit porter le numéro donné par l’application",
        description="À cocher si l’application numérote ce qu’elle reçoit : sans numéro, le hub réessaie.",
    )
    authentication: Access | None = access.field("Authentification, en plus de la signature")
    headers: dict[str, str] = Field(
        default_factory=dict,
        title="En-têtes ajoutés",
        description="Ceux que demande l’éditeur. Jamais un secret : il se règle dans l’authentification.",
    )


class Webhook(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        configuration: Configuration = context.configuration
        body = event.to_json()
        try:
            secrets = [access.secret(context, name) for name in configuration.signing_secrets]
            proof = access.standard_webhooks(secrets, webhook_id(event), body)
            response = await access.request(
                context,
                configuration.authentication,
                "POST",
                configuration.url,
                headers={
                    **configuration.headers,
                    "Content-Type": MEDIA_TYPE,
                    "Accept": "application/json, application/problem+json",
                    **proof,
                },
                data=body,
                timeout=configuration.timeout,
            )
        except DoorError as error:
            return without_answer(error)
        answer = Answer.read(response.status, response.headers, response.body)
        return by_status(answer, empty_allowed=True) or _accepted(configuration, answer)

    async def check(self, context: Context) -> list[Check]:
        """Secrets present, address reachable; no event is sent."""
        configuration: Configuration = context.configuration
        absent = [name for name in configuration.signing_secrets if not context.secrets.get(name)]
        checks = [Check("settings", False, access.missing(context, name)) for name in absent]
        checks = checks or [Check("settings", True, "Les secrets de signature sont là.")]
        checks += access.checks(context, configuration.authentication)
        try:
            await access.request(
                context, configuration.authentication, "OPTIONS", configuration.url, timeout=configuration.timeout
            )
        except DoorError as error:
            return [*checks, access.failed(error, without_answer(error).message)]
        return [*checks, Check("reachability", True, "L’adresse répond.")]


def webhook_id(event: Event) -> str:
    """The event's own id, at each try. Standard Webhooks wants no full stop in it: such an id gives its digest."""
    if "." not in event.id:
        return event.id
    return hashlib.sha256(f"{event.source} {event.id}".encode()).hexdigest()[:32]


def _accepted(configuration: Configuration, answer: Answer) -> Outcome:
    """A success is read in the body: a firewall's page in a 200 is none."""
    if answer.is_empty:
        if "empty" not in configuration.accept or configuration.external_id_required:
            return Outcome.retry("L’application a donné une réponse inattendue (vide).")
        return Outcome.acknowledged()
    if "json" not in configuration.accept or not isinstance(answer.body, dict):
        return Outcome.retry("L’application a donné une réponse inattendue (autre chose qu’un objet JSON).")
    external_id = answer.body.get("external_id")
    if external_id in (None, ""):
        if configuration.external_id_required:
            return Outcome.retry("L’application a donné une réponse inattendue : son numéro n’y est pas.")
        return Outcome.acknowledged()
    if isinstance(external_id, bool) or not isinstance(external_id, str | int):
        return Outcome.retry("L’application a donné une réponse inattendue : son numéro n’est pas un texte.")
    return Outcome.acknowledged(str(external_id))
