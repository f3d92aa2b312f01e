"""How the rows of the registry are written, whether a star file, a screen or the API asks: only what differs, and
each difference with its line in the history. The caller has checked the parts, and holds the transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping
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
        before = {"siret": part.siret, "name": held.name} if held else None
        row = self._keep(held, Authority, {"siret": part.siret}, {"name": part.name})
        changes.write("authority", part.siret, before, part.model_dump(), self.by)
        return row

    def application(self, part: ApplicationPart, document_secret: str) -> Application:
        """The application and its contract; what the part does not say it emits or receives is no longer allowed."""
        held = Application.objects.filter(slug=part.slug).first()
        before = changes.of_application(held) if held else None
        given = bool(held and document_secret and held.document_secret != document_secret)
        own = {"slug", "authorities", "emits", "receives", "credentials", "document_secret"}
        values = part.model_dump(exclude=own) | {"document_secret": document_secret}
        row = self._keep(held, Application, {"slug": part.slug}, values)
        authorities = set(Authority.objects.filter(siret__in=part.authorities))
        if set(row.authorities.all()) != authorities:
            row.authorities.set(authorities)
            self.done["changed"] += 1
        self._interfaces(row, part)
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
        row = self._keep(held, Credential, {"client_id": part.client_id}, values)
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
        row = self._keep(held, Subscription, {"slug": part.slug}, values)
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
        row = self._keep(held, Lookup, {"name": part.name}, values)
        given = self._providers(row, part.providers, secrets)
        after = _given(changes.of_lookup(row), given)
        changes.write("lookup", part.name, before, after, self.by)
        return row

    def _providers(self, lookup: Lookup, parts: list[ProviderPart], secrets: Mapping[str, str]) -> list[str]:
        """The names of the secrets that were replaced."""
        given: list[str] = []
        before = {each.slug: each for each in LookupProvider.objects.filter(lookup=lookup)}
        for rank, part in enumerate(parts):
            held = before.pop(part.slug, None)
            own = {name: secrets[reference.secret] for name, reference in part.secrets.items()}
            old = dict(held.secrets) if held else {}
            given += [f"{part.slug}.{name}" for name, value in own.items() if name in old and old[name] != value]
            values = part.model_dump(exclude={"slug", "application", "secrets"}, mode="json") | {
                "rank": rank,
                "application": Application.objects.get(slug=part.application),
                "secrets": own,
            }
            self._keep(held, LookupProvider, {"lookup": lookup, "slug": part.slug}, values)
        self._forget(LookupProvider, before.values())
        return sorted(given)

    def _interfaces(self, application: Application, part: ApplicationPart) -> None:
        """Two statements, and one for each that changes: an application may declare a hundred."""
        held = {
            (each.direction, each.message_type.pk): each
            for each in Interface.objects.filter(application=application).select_related("message_type")
        }
        new: list[Interface] = []
        for direction, declared in ((Direction.OUT, types(part.emits)), (Direction.IN, types(part.receives))):
            for interface in declared:
                message_type = self.types[interface.type]
                values = interface.model_dump(exclude={"type"}) | {"version": message_type.version}
                before = held.pop((direction, message_type.pk), None)
                if before:
                    self._change(before, values)
                else:
                    key = {"application": application, "message_type": message_type, "direction": direction}
                    new.append(Interface(**key, **values))
        self.done["created"] += len(Interface.objects.bulk_create(new))
        self._forget(Interface, held.values())

    def _forget(self, model: type[Model], rows: Iterable[Model]) -> None:
        gone = [each.pk for each in rows]
        if gone:
            self.done["changed"] += model._default_manager.filter(pk__in=gone).delete()[0]

    def _keep(self, held: Row | None, model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> Row:
        """The row of that key, `held` if there is one, with these values; written only if something differs."""
        if held is not None:
            self._change(held, values)
            return held
        self.done["created"] += 1
        row = model(**key, **values)
        row.save(force_insert=True)
        return row

    def _change(self, row: Model, values: Mapping[str, Any]) -> None:
        different = [name for name, value in values.items() if _differs(row, name, value)]
        for name in different:
            setattr(row, name, values[name])
        if different:
            row.save(update_fields=different)
        self.done["changed" if different else "unchanged"] += 1


def _differs(held: Model, name: str, value: Any) -> bool:
    before = getattr(held, name)
    written = isinstance(held._meta.get_field(name), WrittenField)
    return bool(before != value or (written and not same(before, value)))


def _given(facts: Facts, names: list[str]) -> Facts:
    """A secret that was replaced shows as such, and by nothing else."""
    return facts | {"secrets_replaced": names} if names else facts
