"""One thing of the registry created or changed by a person or a machine: the same checks as a star file, the same
writing, the same history. Secrets come as values or as references, are sealed at once and never told again."""

import secrets as chance
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction

from etoile.hub.registry import changes, star_checks
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import (
    Application,
    Authority,
    Change,
    Credential,
    Direction,
    Interface,
    Lookup,
    Subscription,
)
from etoile.hub.registry.services import known, secrets_of
from etoile.hub.registry.star import (
    ApplicationPart,
    AuthorityPart,
    CredentialPart,
    InterfacePart,
    LookupPart,
    SecretReference,
    Star,
    StarError,
    StarFile,
    StarProblem,
    SubscriptionPart,
)
from etoile.hub.registry.writing import Writer

# The form of a credential wants a reference; the secret made here goes straight to the writer.
TOLD_ONCE = SecretReference.model_validate({"secret": "made_here"})


class ChangedMeanwhileError(Exception):
    """Somebody else changed it since it was read: reading it again comes first."""


def version(kind: str, name: str) -> str:
    """What names the state of a thing: its last change; empty for one that has no history."""
    last = Change.objects.filter(kind=kind, name=name).order_by("-id").values_list("id", flat=True).first()
    return str(last or "")


def keep_authority(part: AuthorityPart, *, by: By) -> Authority:
    with transaction.atomic():
        _alone()
        return Writer.make(_decided(by)).authority(part)


def keep_application(
    part: ApplicationPart, *, by: By, document_secret: str | None = None, seen: str | None = None
) -> Application:
    """Create or change an application and its contract; its credentials have their own verbs.

    `document_secret` None: the one it has stays. `seen`: the version that was read, to refuse a change made blindly.
    Raises StarError (places from the application itself), ChangedMeanwhileError.
    """
    file = StarFile(Star(star=1, applications=[part.model_copy(update={"credentials": []})]), {})
    with transaction.atomic():
        _alone()
        _unseen("application", part.slug, seen)
        references = _checked(file, skipped=2)
        if part.document_secret:
            document_secret = references[part.document_secret.secret]
        if document_secret is None:
            held = Application.objects.filter(slug=part.slug).first()
            document_secret = held.document_secret if held else ""
        return Writer.make(_decided(by)).application(part, document_secret)


def keep_subscription(
    part: SubscriptionPart,
    *,
    by: By,
    sealed: Mapping[str, str] | None = None,
    kept: Collection[str] = (),
    seen: str | None = None,
) -> Subscription:
    """Create or change a subscription. Its secrets: references of the part, `sealed` values, and those `kept` as they
    are; what is named nowhere is forgotten. Raises StarError (places from the subscription), ChangedMeanwhileError."""
    file = StarFile(Star(star=1, subscriptions=[part]), {})
    with transaction.atomic():
        _alone()
        _unseen("subscription", part.slug, seen)
        references = _checked(file, skipped=2)
        held = Subscription.objects.filter(slug=part.slug).first()
        values = {name: value for name, value in (held.secrets if held else {}).items() if name in kept}
        values |= dict(sealed or {})
        values |= {name: references[reference.secret] for name, reference in part.secrets.items()}
        return Writer.make(_decided(by)).subscription(part, values)


def keep_lookup(part: LookupPart, *, by: By, seen: str | None = None) -> Lookup:
    """Create or change a lookup, its providers included: those that are not named are forgotten. Secrets are
    references. Raises StarError (places from the lookup), ChangedMeanwhileError."""
    file = StarFile(Star(star=1, lookups=[part]), {})
    with transaction.atomic():
        _alone()
        _unseen("lookup", part.name, seen)
        secrets = _checked(file, skipped=2)
        return Writer.make(_decided(by)).lookup(part, secrets)


def make_credential(
    slug: str,
    client_id: str,
    scopes: list[str],
    *,
    by: By,
    expires_at: datetime | None = None,
    operation: bool = False,
) -> str:
    """A credential of an application, or a new secret for the one it has. Returns the secret, told this once.

    Raises StarError, Application.DoesNotExist.
    """
    secret = chance.token_urlsafe(32)
    part = CredentialPart(
        client_id=client_id,
        secret=TOLD_ONCE,
        scopes=scopes,
        expires_at=expires_at,
        operation=operation,
    )
    with transaction.atomic():
        _alone()
        application = Application.objects.get(slug=slug)
        bare = part_of_application(application).model_copy(update={"credentials": [part]})
        problems = star_checks.check(StarFile(Star(star=1, applications=[bare]), {}), known())
        mine = [each for each in problems if each.place[2:3] == ("credentials",)]
        if mine:
            raise StarError([replace(each, place=each.place[4:]) for each in mine])
        Writer.make(_decided(by)).credential(application, part, secret)
    return secret


def withdraw_credential(client_id: str, *, by: By) -> Credential:
    """From now on it opens nothing, its tokens neither. Raises Credential.DoesNotExist."""
    with transaction.atomic():
        _alone()
        row = Credential.objects.select_related("application").get(client_id=client_id)
        before = changes.of_credential(row)
        Credential.objects.filter(pk=row.pk).update(expires_at=TransactionNow())  # the clock that tokens are read by
        row.refresh_from_db()
        slug = row.application.slug
        changes.write("credential", client_id, before, changes.of_credential(row), _decided(by), application=slug)
    return row


def part_of_application(row: Application) -> ApplicationPart:
    """The application as a star file would say it, without credentials nor secret."""
    contract: dict[str, list[InterfacePart]] = {Direction.OUT: [], Direction.IN: []}
    for each in Interface.objects.filter(application=row).select_related("message_type"):
        contract[each.direction].append(
            InterfacePart(
                type=each.message_type.type,
                expected_behaviour=each.expected_behaviour,
                service_level=each.service_level,
                expected=each.expected,
            )
        )
    names = ("slug", "name", "vendor", "domain", "sector", "environment", "owner", "contact", "answerable", "is_active")
    return ApplicationPart.model_construct(
        **{name: getattr(row, name) for name in (*names, "document_base_url")},
        authorities=[each.siret for each in row.authorities.all()],
        emits=contract[Direction.OUT],
        receives=contract[Direction.IN],
        credentials=[],
        document_secret=None,
    )


def _alone() -> None:
    """One change of the registry at a time, star files included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM registry_version FOR UPDATE")


def _unseen(kind: str, name: str, seen: str | None) -> None:
    if seen is not None and seen != version(kind, name):
        raise ChangedMeanwhileError(name)


def _checked(file: StarFile, *, skipped: int) -> dict[str, str]:
    """The values of the references of a file of one part. Raises StarError, with places from the part itself."""
    secrets, problems = secrets_of(file)
    problems += star_checks.check(file, known())
    if problems:
        raise StarError([StarProblem(each.place[skipped:], each.message) for each in problems])
    return secrets


def _decided(by: By) -> By:
    if not by.reason.strip():
        raise StarError([StarProblem(("reason",), "a change needs a reason in words")])
    return By(by.actor, by.reason.strip())
