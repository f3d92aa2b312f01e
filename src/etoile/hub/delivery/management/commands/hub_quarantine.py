from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.hub.delivery import quarantine
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import actor, application_of, registry
from etoile.hub.delivery.models import Quarantined, QuarantineState
from etoile.hub.delivery.reasons import ReasonMissingError
from etoile.hub.journal.management.said import as_json, as_table, leave

SHOWN = 200


class Command(BaseCommand):
    help = "Answers of applications that could not be applied: see them (never their content), try again, or discard."

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.quarantining(parser)

    def handle(
        self, *args: Any, verb: str, ids: list[UUID], application: str | None, reason: str | None, json: bool, **_: Any
    ) -> None:
        snapshot = registry()
        waiting = Quarantined.objects.filter(state=QuarantineState.WAITING).defer("content")
        if application:
            waiting = waiting.filter(application_id=application_of(application, snapshot))
        if verb == "list":
            slugs = {view.id: slug for slug, view in snapshot.applications.items()}
            lines = [
                {"id": each.pk, "first said": each.at, "times": each.times, "reason": each.reason,
                 "application": slugs.get(each.application_id, f"#{each.application_id}"),
                 "number there": each.external_id, "status": each.status, "detail": each.detail}
                for each in waiting.order_by("id")[:SHOWN]
            ]  # fmt: skip
            (as_json if json else as_table)(self.stdout, lines)
            return
        chosen = ids or (list(waiting.values_list("pk", flat=True)) if application else [])
        if not chosen and (application or verb == "discard"):
            raise CommandError("Say which answers: their identifiers, or an application that has some.")
        try:
            self._decide(verb, chosen, reason or "", json)
        except ReasonMissingError as error:
            raise CommandError("A reason in words is needed.") from error

    def _decide(self, verb: str, chosen: list[UUID], reason: str, json: bool) -> None:
        if verb == "discard":
            done, left = quarantine.discard(chosen, actor=actor(), reason=reason), 0
        else:
            result = quarantine.reprocess(chosen or None, actor=actor(), reason=reason)
            done, left = result.applied, result.waiting
        if json:
            as_json(self.stdout, {"verb": verb, "done": done, "waiting": left})
        else:
            words = f"{done} answers discarded." if verb == "discard" else f"{done} answers applied, {left} still wait."
            self.stdout.write(words)
        if not done:
            leave()
