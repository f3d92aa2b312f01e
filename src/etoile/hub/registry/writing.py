"""How the rows of the registry are written, whether a star file, a screen or the API asks: only what differs, and
each difference with its line in the history. The caller has checked the parts, and holds the transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.hashers import check_password
from django.db.models import Model

from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.catalogue.models import MessageType
from etoile.hub.registry import changes
from etoile.hub.registry.changes import By, Facts
from etoile.hub.registry.models import (
    Application,
    Authority,
    Credential,
    Direction,
    Interface,
    Lookup,
    LookupProvider,
    Subscription,
)
from etoile.hub.registry.star import (
    ApplicationPart,
    AuthorityPart,
    CredentialPart,
    KeptPart,
    LookupPart,
    ProviderPart,
    SubscriptionPart,
)
from etoile.hub.registry.star_checks import types
from etoile.hub.registry.written import WrittenField, same

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Writer:
    """`done` counts rows: created, changed, unchanged."""

    by: By
    done: Counter[str]
    types: Mapping[str, MessageType]

    @classmethod
    def make(cls, by: By) -> "Writer":
        return cls(by, Counter(), {each.type: each for each in MessageType.objects.filter(type__in=MESSAGE_TYPES)})

    def authority(self, part: AuthorityPart) -> Authority:
        held = Authority.objects.filter(siret=part.siret).first()
        row = self._keep(Authority, {"siret": part.siret}, {"name": part.name})
        before = {"siret": part.siret, "name": held.name} if held else None
        changes.write("authority", part.siret, before, part.model_dump(), self.by)
        return row

    def application(self, part: ApplicationPart, document_secret: str) -> Application:
        """The application and its contract; what the part does not say it emits or receives is no longer allowed."""
        held = Application.objects.filter(slug=part.slug).first()
        before = changes.of_application(held) if held else None
        own = {"slug", "authorities", "emits", "receives", "credentials", "document_secret"}
        values = part.model_dump(exclude=own) | {"document_secret": document_secret}
        row = self._keep(Application, {"slug": part.slug}, values)
        authorities = set(Authority.objects.filter(siret__in=part.authorities))
        if set(row.authorities.all()) != authorities:
            row.authorities.set(authorities)
            self.done["changed"] += 1
        self._interfaces(row, part)
        given = bool(held and document_secret and held.document_secret != document_secret)
        after = _given(changes.of_application(row), ["document_secret"] if given else [])
        changes.write("application", part.slug, before, after, self.by, application=part.slug)
        return row

    def credential(self, application: Application, part: CredentialPart, secret: str | None) -> Credential:
        """`secret` None: the one it has stays."""
        held = Credential.objects.filter(client_id=part.client_id).first()
        before = changes.of_credential(held) if held else None
        values: dict[str, Any] = {
            "application": application,
            "name": part.client_id,
            "scopes": " ".join(part.scopes),
            "expires_at": part.expires_at,
            "operation": part.operation,
            "client_type": Credential.CLIENT_CONFIDENTIAL,
            "authorization_grant_type": Credential.GRANT_CLIENT_CREDENTIALS,
        }
        given = secret is not None and (held is None or not check_password(secret, held.client_secret))
        if given:
            values["client_secret"] = secret
        row = self._keep(Credential, {"client_id": part.client_id}, values)
        after = _given(changes.of_credential(row), ["client_secret"] if given and held else [])
        changes.write("credential", part.client_id, before, after, self.by, application=application.slug)
        return row

    def subscription(self, part: SubscriptionPart, secrets: Mapping[str, str]) -> Subscription:
        held = Subscription.objects.filter(slug=part.slug).select_related("application", "message_type").first()
        before, old = (changes.of_subscription(held), dict(held.secrets)) if held else (None, {})
        application = Application.objects.get(slug=part.application)
        values = part.model_dump(exclude={"slug", "application", "type", "secrets"}, mode="json") | {
            "application": application,
            "message_type": self.types[part.type],
            "secrets": dict(secrets),
        }
        row = self._keep(Subscription, {"slug": part.slug}, values)
        given = sorted(name for name, value in secrets.items() if name in old and old[name] != value)
        after = _given(changes.of_subscription(row), given)
        changes.write("subscription", part.slug, before, after, self.by, application=application.slug)
        return row

    def lookup(self, part: LookupPart, secrets: Mapping[str, str]) -> Lookup:
        """The lookup and its providers, in order; those that the part does not name are forgotten. `secrets`: the
        values of the references, by their name."""
        held = Lookup.objects.filter(name=part.name).first()
        before = changes.of_lookup(held) if held else None
        cache = part.cache or KeptPart.model_construct(seconds=0, stale_seconds=0)
        values = part.model_dump(exclude={"name", "cache", "readers", "providers"}) | {
            "cache_seconds": cache.seconds,
            "stale_seconds": cache.stale_seconds,
            "readers": {reader.application: reader.purposes for reader in part.readers},
        }
        row = self._keep(Lookup, {"name": part.name}, values)
        given = self._providers(row, part.providers, secrets)
        after = _given(changes.of_lookup(row), given)
        changes.write("lookup", part.name, before, after, self.by)
        return row

    def _providers(self, lookup: Lookup, parts: list[ProviderPart], secrets: Mapping[str, str]) -> list[str]:
        """The names of the secrets that were replaced."""
        given: list[str] = []
        for rank, part in enumerate(parts):
            held = LookupProvider.objects.filter(lookup=lookup, slug=part.slug).first()
            own = {name: secrets[reference.secret] for name, reference in part.secrets.items()}
            old = dict(held.secrets) if held else {}
            given += [f"{part.slug}.{name}" for name, value in own.items() if name in old and old[name] != value]
            values = part.model_dump(exclude={"slug", "application", "secrets"}, mode="json") | {
                "rank": rank,
                "application": Application.objects.get(slug=part.application),
                "secrets": own,
            }
            self._keep(LookupProvider, {"lookup": lookup, "slug": part.slug}, values)
        gone = LookupProvider.objects.filter(lookup=lookup).exclude(slug__in=[part.slug for part in parts])
        if gone.exists():
            self.done["changed"] += gone.delete()[0]
        return sorted(given)

    def _interfaces(self, application: Application, part: ApplicationPart) -> None:
        for direction, declared in ((Direction.OUT, types(part.emits)), (Direction.IN, types(part.receives))):
            for interface in declared:
                message_type = self.types[interface.type]
                key = {"application": application, "message_type": message_type, "direction": direction}
                values = interface.model_dump(exclude={"type"}) | {"version": message_type.version}
                self._keep(Interface, key, values)
            kept = [each.type for each in declared]
            held = Interface.objects.filter(application=application, direction=direction)
            gone = held.exclude(message_type__type__in=kept)
            if gone.exists():
                self.done["changed"] += gone.delete()[0]

    def _keep(self, model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> Row:
        """The row of that key with these values, written only if something differs."""
        held = model._default_manager.filter(**key).first()
        if held is None:
            self.done["created"] += 1
            held = model(**key, **values)
            held.save(force_insert=True)
            return held
        different = [name for name, value in values.items() if _differs(held, name, value)]
        for name in different:
            setattr(held, name, values[name])
        if different:
            held.save(update_fields=different)
        self.done["changed" if different else "unchanged"] += 1
        return held


def _differs(held: Model, name: str, value: Any) -> bool:
    before = getattr(held, name)
    written = isinstance(held._meta.get_field(name), WrittenField)
    return bool(before != value or (written and not same(before, value)))


def _given(facts: Facts, names: list[str]) -> Facts:
    """A secret that was replaced shows as such, and by nothing else."""
    return facts | {"secrets_replaced": names} if names else facts
