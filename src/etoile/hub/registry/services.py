"""The only writer of the registry."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from etoile.hub.catalogue.models import MessageType
from etoile.hub.journal import services as journal
from etoile.hub.registry import changes, star_checks
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import (
    Application,
    Authority,
    Credential,
    Direction,
    Interface,
    LookupProvider,
    Subscription,
)
from etoile.hub.registry.star import SecretReference, StarError, StarFile, StarProblem, parse
from etoile.hub.registry.star_checks import HUB, Known
from etoile.hub.registry.writing import Writer
from etoile.runtime.settings import Environment
from etoile.sdk.connector import discover
from etoile.sdk.lines import Place

HANDOFF = "org.etoile.handoff.changed.v1"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a star file made and changed; a second load of the same file changes nothing."""

    created: int
    changed: int
    unchanged: int


def ensure_hub() -> Application:
    """The hub as an application of its own registry: it tells what became of what it was given."""
    application, _ = Application.objects.get_or_create(slug=HUB, defaults={"name": "Étoile", "domain": "hub"})
    handoff = MessageType.objects.get(type=HANDOFF)
    # Only the source of a message hears of it, and only if it asked to.
    Interface.objects.get_or_create(
        application=application, message_type=handoff, direction=Direction.OUT, defaults={"expected": False}
    )
    return application


def load(path: Path, *, actor: str) -> Loaded:
    """Load a star file, all of it or nothing. What the file does not name is left as it is.

    Raises StarError with everything that is wrong with it, OSError when it cannot be read.
    """
    file = parse(path.read_text(encoding="utf-8"), path.parent)
    with transaction.atomic(), connection.cursor() as cursor:
        # One load at a time: two of them would otherwise each make what the other makes.
        cursor.execute("SELECT version FROM registry_version FOR UPDATE")
        secrets, problems = secrets_of(file)
        problems += star_checks.check(file, known())
        if problems:
            raise StarError(sorted(problems, key=lambda each: each.line or 0))
        done = _write(file, secrets, By(actor, f"Fichier d’étoile {path.name}"))
        summary = Loaded(done["created"], done["changed"], done["unchanged"])
        detail = {"file": path.name, "created": summary.created, "changed": summary.changed}
        journal.record(cursor, "registry.loaded", actor=actor, detail=detail)
    return summary


def set_active(subscription_id: int, *, active: bool, by: By) -> Subscription:
    """Write whether a subscription is on, in the caller's transaction. The decision is `delivery.services.switch`,
    which holds or lets go what the subscription carries in the same transaction. Raises Subscription.DoesNotExist.
    """
    row = Subscription.objects.select_for_update(of=("self",)).select_related("application").get(pk=subscription_id)
    before = changes.of_subscription(row)
    if row.active != active:
        row.active = active
        row.save(update_fields=["active"])
    changes.write("subscription", row.slug, before, changes.of_subscription(row), by, application=row.application.slug)
    return row


def reencrypt() -> int:
    """Write every secret again, with the first key of HUB_ENCRYPTION_KEY. Returns how many rows were written."""
    with transaction.atomic():
        applications = list(Application.objects.select_for_update(of=("self",)))
        subscriptions = list(Subscription.objects.select_for_update(of=("self",)))
        providers = list(LookupProvider.objects.select_for_update(of=("self",)))
        for application in applications:
            application.save(update_fields=["document_secret", "pairwise_key"])
        for subscription in subscriptions:
            subscription.save(update_fields=["secrets"])
        for provider in providers:
            provider.save(update_fields=["secrets"])
    return len(applications) + len(subscriptions) + len(providers)


def known() -> Known:
    """What the registry and this installation have already, for the checks of a star file."""
    receives: dict[str, set[str]] = {slug: set() for slug in Application.objects.values_list("slug", flat=True)}
    rows = Interface.objects.filter(direction=Direction.IN).values_list("application__slug", "message_type__type")
    for slug, type in rows:
        receives[slug].add(type)
    return Known(
        authorities=frozenset(Authority.objects.values_list("siret", flat=True)),
        receives={slug: frozenset(names) for slug, names in receives.items()},
        connectors=discover(),
        clients=dict(Credential.objects.values_list("client_id", "application__slug")),
    )


def secrets_of(file: StarFile) -> tuple[dict[str, str], list[StarProblem]]:
    """The value of each secret the file names, read by the same rules as the settings'."""
    environment = Environment(product="hub")
    values: dict[str, str] = {}
    problems: list[StarProblem] = []
    for place, reference in _references(file):
        if reference.secret in values:
            continue
        before = len(environment.problems)
        values[reference.secret] = environment.secret(reference.secret.upper(), kind=reference.kind)
        problems += [file.problem(place, message) for message in environment.problems[before:]]
    return values, problems


def _references(file: StarFile) -> Iterable[tuple[Place, SecretReference]]:
    for index, application in enumerate(file.star.applications):
        if application.document_secret:
            yield ("applications", index, "document_secret"), application.document_secret
        for rank, credential in enumerate(application.credentials):
            yield ("applications", index, "credentials", rank, "secret"), credential.secret
    for index, subscription in enumerate(file.star.subscriptions):
        for name, reference in subscription.secrets.items():
            yield ("subscriptions", index, "secrets", name), reference
    for index, lookup in enumerate(file.star.lookups):
        for rank, provider in enumerate(lookup.providers):
            for name, reference in provider.secrets.items():
                yield ("lookups", index, "providers", rank, "secrets", name), reference


def _write(file: StarFile, secrets: Mapping[str, str], by: By) -> Counter[str]:
    writer = Writer.make(by)
    for authority in file.star.authorities:
        writer.authority(authority)
    for part in file.star.applications:
        reference = part.document_secret
        application = writer.application(part, secrets[reference.secret] if reference else "")
        for credential in part.credentials:
            writer.credential(application, credential, secrets[credential.secret.secret])
    for subscription in file.star.subscriptions:
        values = {name: secrets[reference.secret] for name, reference in subscription.secrets.items()}
        writer.subscription(subscription, values)
    for lookup in file.star.lookups:
        writer.lookup(lookup, secrets)
    return writer.done
