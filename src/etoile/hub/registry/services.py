"""The only writer of the registry."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.db.models import Model

from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.catalogue.models import MessageType
from etoile.hub.journal import services as journal
from etoile.hub.registry import star_checks
from etoile.hub.registry.models import (
    Application,
    Authority,
    Credential,
    Direction,
    Interface,
    Subscription,
)
from etoile.hub.registry.star import (
    ApplicationPart,
    CredentialPart,
    Place,
    SecretReference,
    StarError,
    StarFile,
    StarProblem,
    SubscriptionPart,
    parse,
)
from etoile.hub.registry.star_checks import HUB, Known, types
from etoile.runtime.settings import Environment
from etoile.sdk.connector import discover

Row = TypeVar("Row", bound=Model)
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
    Interface.objects.get_or_create(application=application, message_type=handoff, direction=Direction.OUT)
    return application


def load(path: Path, *, actor: str) -> Loaded:
    """Load a star file, all of it or nothing. What the file does not name is left as it is.

    Raises StarError with everything that is wrong with it, OSError when it cannot be read.
    """
    file = parse(path.read_text(encoding="utf-8"))
    with transaction.atomic(), connection.cursor() as cursor:
        # One load at a time: two of them would otherwise each make what the other makes.
        cursor.execute("SELECT version FROM registry_version FOR UPDATE")
        secrets, problems = _secrets(file)
        problems += star_checks.check(file, _known())
        if problems:
            raise StarError(sorted(problems, key=lambda each: each.line or 0))
        done = _write(file, secrets)
        summary = Loaded(done["created"], done["changed"], done["unchanged"])
        detail = {"file": path.name, "created": summary.created, "changed": summary.changed}
        journal.record(cursor, "registry.loaded", actor=actor, detail=detail)
    return summary


def switch(subscription: Subscription, *, active: bool, actor: str) -> None:
    """Switch a subscription on or off. The delivery room holds and releases what it carries: call it afterwards."""
    Subscription.objects.filter(pk=subscription.pk).update(active=active)
    with connection.cursor() as cursor:
        kind = "subscription.switched_on" if active else "subscription.switched_off"
        detail = {"subscription": subscription.slug}
        journal.record(cursor, kind, actor=actor, application=subscription.application.slug, detail=detail)


def reencrypt() -> int:
    """Write every secret again, with the first key of HUB_ENCRYPTION_KEY. Returns how many rows were written."""
    with transaction.atomic():
        applications = list(Application.objects.select_for_update(of=("self",)))
        subscriptions = list(Subscription.objects.select_for_update(of=("self",)))
        for application in applications:
            application.save(update_fields=["document_secret", "pairwise_key"])
        for subscription in subscriptions:
            subscription.save(update_fields=["secrets"])
    return len(applications) + len(subscriptions)


def _known() -> Known:
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


def _secrets(file: StarFile) -> tuple[dict[str, str], list[StarProblem]]:
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


def _write(file: StarFile, secrets: Mapping[str, str]) -> Counter[str]:
    done: Counter[str] = Counter()
    for authority in file.star.authorities:
        _keep(Authority, {"siret": authority.siret}, {"name": authority.name}, done)
    message_types = {each.type: each for each in MessageType.objects.filter(type__in=MESSAGE_TYPES)}
    for part in file.star.applications:
        application = _write_application(part, secrets, done)
        _write_interfaces(application, part, message_types, done)
        for credential in part.credentials:
            _write_credential(application, credential, secrets, done)
    for subscription in file.star.subscriptions:
        _write_subscription(subscription, message_types, secrets, done)
    return done


def _write_application(part: ApplicationPart, secrets: Mapping[str, str], done: Counter[str]) -> Application:
    own = {"slug", "authorities", "emits", "receives", "credentials", "document_secret"}
    values = part.model_dump(exclude=own)
    values["document_secret"] = secrets[part.document_secret.secret] if part.document_secret else ""
    application = _keep(Application, {"slug": part.slug}, values, done)
    authorities = set(Authority.objects.filter(siret__in=part.authorities))
    if set(application.authorities.all()) != authorities:
        application.authorities.set(authorities)
        done["changed"] += 1
    return application


def _write_interfaces(
    application: Application, part: ApplicationPart, message_types: Mapping[str, MessageType], done: Counter[str]
) -> None:
    for direction, declared in ((Direction.OUT, types(part.emits)), (Direction.IN, types(part.receives))):
        for interface in declared:
            message_type = message_types[interface.type]
            key = {"application": application, "message_type": message_type, "direction": direction}
            values = interface.model_dump(exclude={"type"}) | {"version": message_type.version}
            _keep(Interface, key, values, done)
        # The file says all an application emits and receives: what it no longer says is no longer allowed.
        kept = [each.type for each in declared]
        held = Interface.objects.filter(application=application, direction=direction)
        gone = held.exclude(message_type__type__in=kept)
        if gone.exists():
            done["changed"] += gone.delete()[0]


def _write_credential(
    application: Application, part: CredentialPart, secrets: Mapping[str, str], done: Counter[str]
) -> None:
    secret = secrets[part.secret.secret]
    values: dict[str, Any] = {
        "application": application,
        "name": part.client_id,
        "scopes": " ".join(part.scopes),
        "expires_at": part.expires_at,
        "client_type": Credential.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": Credential.GRANT_CLIENT_CREDENTIALS,
    }
    held = Credential.objects.filter(client_id=part.client_id).first()
    if held is None or not check_password(secret, held.client_secret):
        values["client_secret"] = secret
    _keep(Credential, {"client_id": part.client_id}, values, done)


def _write_subscription(
    part: SubscriptionPart, message_types: Mapping[str, MessageType], secrets: Mapping[str, str], done: Counter[str]
) -> None:
    values = part.model_dump(exclude={"slug", "application", "type", "secrets"}, mode="json") | {
        "application": Application.objects.get(slug=part.application),
        "message_type": message_types[part.type],
        "secrets": {name: secrets[reference.secret] for name, reference in part.secrets.items()},
    }
    _keep(Subscription, {"slug": part.slug}, values, done)


def _keep(
    model: type[Row],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    done: Counter[str],
) -> Row:
    """The row of that key with these values, written only if something differs."""
    held = model._default_manager.filter(**key).first()
    if held is None:
        done["created"] += 1
        held = model(**key, **values)
        held.save(force_insert=True)
        return held
    different = [name for name, value in values.items() if getattr(held, name) != value]
    for name in different:
        setattr(held, name, values[name])
    if different:
        held.save(update_fields=different)
    done["changed" if different else "unchanged"] += 1
    return held
