from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Exists, OuterRef, QuerySet

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery import tries
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import application_of, registry
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.management.said import as_json, as_table, leave
from etoile.hub.journal.models import Message, MessageState
from etoile.hub.registry.directory import Snapshot

EXACT = {"case": "reference", "source": "source", "type": "type"}
NOBODY = (MessageState.UNROUTED.value, MessageState.KEPT.value)


class Command(BaseCommand):
    help = "Messages and what became of them, the latest first; or all the tries of one. Never their content."

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.listing(parser)

    def handle(self, *args: Any, id: UUID | None, json: bool, limit: int, **given: Any) -> None:
        snapshot = registry()
        if id is not None:
            self._one(id, snapshot, json)
            return
        messages = list(_found(given, snapshot)[: max(1, limit)])
        deliveries = _deliveries(messages)
        lines = [_line(message, deliveries[message.pk], snapshot) for message in messages]
        if json:
            as_json(self.stdout, lines)
        else:
            as_table(self.stdout, [{**line, "deliveries": _words(line["deliveries"])} for line in lines])
            if len(messages) == limit:
                self.stdout.write(f"More: --before {messages[-1].pk}")
        if not messages:
            self.stderr.write("No message is like that.")
            leave()

    def _one(self, id: UUID, snapshot: Snapshot, json: bool) -> None:
        message = Message.objects.filter(pk=id).first()
        if message is None:
            raise CommandError(f"The hub holds no message {id}.")
        deliveries = _deliveries([message])[message.pk]
        line = _line(message, deliveries, snapshot)
        names = {each.pk: _slug(each, snapshot) for each in deliveries}
        listed = [
            {"subscription": names[each.delivery_id], "try": each.number, "started": each.started_at,
             "finished": each.finished_at, "outcome": each.outcome, "http": each.http_status, "detail": each.detail}
            for each in tries.of(deliveries)
        ]  # fmt: skip
        if json:
            as_json(self.stdout, {**line, "tries": listed})
            return
        for name, value in line.items():
            if name != "deliveries":
                self.stdout.write(f"{name}: {value if value is not None else '-'}")
        as_table(self.stdout, line["deliveries"])
        as_table(self.stdout, listed)


def _found(given: Mapping[str, Any], snapshot: Snapshot) -> QuerySet[Message]:
    found = Message.objects.filter(**{column: given[name] for name, column in EXACT.items() if given[name]})
    # The key carries the time: a period reads the partitions and the part of the index it needs, no more.
    if given["since"]:
        found = found.filter(pk__gte=first_uuid7(given["since"]))
    if given["until"]:
        found = found.filter(pk__lt=first_uuid7(given["until"]))
    if given["before"]:
        found = found.filter(pk__lt=given["before"])
    criteria: dict[str, Any] = {}
    if given["state"] in NOBODY:
        found = found.filter(state=given["state"])
    elif given["state"]:
        criteria["state"] = given["state"]
    if given["to"]:
        criteria["application_id"] = application_of(given["to"], snapshot)
    if given["external"]:
        criteria["external_id"] = given["external"]
    if criteria:
        found = found.filter(Exists(Delivery.objects.filter(message_id=OuterRef("pk"), **criteria)))
    return found.defer("payload").order_by("-id")


def _deliveries(messages: list[Message]) -> dict[UUID, list[Delivery]]:
    grouped: dict[UUID, list[Delivery]] = {message.pk: [] for message in messages}
    for delivery in Delivery.objects.filter(message_id__in=list(grouped)).order_by("position"):
        grouped[delivery.message_id].append(delivery)
    return grouped


def _line(message: Message, deliveries: list[Delivery], snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": message.pk,
        "received": message.received_at,
        "source": message.source,
        "type": message.type,
        "case": message.reference,
        "state": message.state,
        "deliveries": [
            {"id": each.pk, "subscription": _slug(each, snapshot), "state": each.state, "attempts": each.attempts,
             "number there": each.external_id, "due": each.due, "detail": each.detail}
            for each in deliveries
        ],
    }  # fmt: skip


def _slug(delivery: Delivery, snapshot: Snapshot) -> str:
    view = snapshot.subscriptions.get(delivery.subscription_id)
    return view.slug if view else f"#{delivery.subscription_id}"


def _words(deliveries: list[dict[str, Any]]) -> str:
    return ", ".join(f"{each['subscription']}: {each['state']}" for each in deliveries)
