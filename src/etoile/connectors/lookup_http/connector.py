"""The declarative connector for questions to a REST/JSON API: everything particular to one of them is configuration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etoile.connectors.lookup_http import asking
from etoile.connectors.lookup_http.configuration import Configuration
from etoile.sdk import Check, Connector, Context, DoorError, LookupOutcome, Manifest, MappingError, access, formulas
from etoile.sdk import Mapping as TreeMapping
from etoile.sdk.answers import Answer, by_status, redact

UNKNOWN = (
    "L’application a répondu autrement que prévu : revoyez les conditions « found » et « absent », ou demandez à "
    "l’éditeur ce qui a changé."
)


class LookupHttp(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def lookup(self, query: Mapping[str, Any], context: Context) -> LookupOutcome:
        """What the application answers, as it says it. Nothing is kept of the question."""
        if missing := _missing(context):
            return LookupOutcome.unavailable(missing, "access", misconfigured=True)
        try:
            answer = await asking.ask(query, context)
            return _read(answer, dict(query), context.configuration)
        except DoorError as error:
            return LookupOutcome.unanswered(error)
        except (formulas.FormulaError, MappingError) as error:
            return LookupOutcome.unavailable(f"Réglage à revoir : {error}", "formula", misconfigured=True)

    async def check(self, context: Context) -> list[Check]:
        """Settings, reachability, credentials; asks no question, changes nothing."""
        settings: Configuration = context.configuration
        faults = [*formulas.all_of(settings, exclude={"request": {"body"}}), *_faults_of_body(settings)]
        lines = [Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")]
        if missing := _missing(context):
            return [*lines, Check("secrets", False, missing)]
        lines += access.checks(context, settings.authentication)
        if settings.check is None:
            return [*lines, Check("reachability", True, "Aucune requête d’essai n’est réglée : rien n’a été demandé.")]
        try:
            answer = await asking.read(settings.check.path, context)
        except DoorError as error:
            return [*lines, access.failed(error, error.message)]
        refusal = by_status(answer, empty_allowed=True)
        if answer.status in (401, 403) and refusal:
            return [
                *lines,
                Check("reachability", True, "L’application répond."),
                Check("credentials", False, refusal.message),
            ]
        if refusal:
            return [*lines, Check("reachability", False, refusal.message)]
        return [*lines, Check("reachability", True, "L’application répond et accepte nos identifiants.")]


def _read(answer: Answer, query: dict[str, Any], settings: Configuration) -> LookupOutcome:
    values = {"response": answer.for_expressions(), "query": query}
    for rule in settings.refused:
        if formulas.holds(rule.when, **values):
            words = redact(formulas.leaf(rule.message, **values))
            return LookupOutcome.refused(words, f"HTTP {answer.status}", http_status=answer.status)
    # A firewall's page, whatever its status, says nothing of what was asked.
    page = answer.headers.get("content-type", "").startswith("text/html")
    if not page and formulas.holds(settings.absent, **values):
        return LookupOutcome.not_found(detail=f"HTTP {answer.status}", http_status=answer.status)
    if failure := by_status(answer):
        return LookupOutcome.of(failure)
    if not formulas.holds(settings.found, **values):
        return LookupOutcome.unavailable(UNKNOWN, "unknown answer", misconfigured=True, http_status=answer.status)
    if formulas.holds(settings.cut, **values):
        return LookupOutcome.refused("La question est trop large : précisez-la.", "cut", http_status=answer.status)
    return LookupOutcome.found(formulas.evaluate(settings.answer, **values), http_status=answer.status)


def _missing(context: Context) -> str:
    absent = [name for name in access.secrets_of(context.configuration.authentication) if not context.secrets.get(name)]
    return access.missing(context, absent[0]) if absent else ""


def _faults_of_body(settings: Configuration) -> list[str]:
    if settings.request.body is None:
        return []
    found = TreeMapping.examine(settings.request.body, variables=("query",)).violations
    return [f"request.body{each.pointer} : {each.detail}" for each in found]
