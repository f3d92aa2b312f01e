"""The programs that may use the API: made, limited, given another secret, closed. The only writer of `Limits`."""

from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.db import transaction
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from etoile.gru.access.models import ApiClient, Authority
from etoile.gru.api.allowed import PLAIN
from etoile.gru.api.models import Limits
from etoile.gru.forms.models import Procedure


class ClientRefused(Exception):
    """What cannot be given to a client, in plain words."""


def create(
    authority: Authority,
    name: str,
    *,
    scopes: Collection[str],
    procedures: Mapping[str, Sequence[str]],
    per_minute: int | None = None,
) -> tuple[ApiClient, str]:
    """The client and its secret, which is kept hashed: nobody reads it again. Raises `ClientRefused`."""
    _check(authority, scopes, procedures)
    secret = generate_client_secret()
    with transaction.atomic():
        client = ApiClient.objects.create(
            authority=authority,
            name=name,
            client_type=ApiClient.CLIENT_CONFIDENTIAL,
            authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
            client_secret=secret,
            allowed_scopes=" ".join(sorted(scopes)),
        )
        _limit(client, procedures, per_minute)
    return client, secret


def allow(
    client: ApiClient,
    *,
    scopes: Collection[str],
    procedures: Mapping[str, Sequence[str]],
    per_minute: int | None = None,
) -> None:
    """From now on exactly this: what it was given before is taken back, its tokens too. Raises `ClientRefused`."""
    if client.authority is None:
        raise ClientRefused("this client has no authority")
    _check(client.authority, scopes, procedures)
    with transaction.atomic():
        client.allowed_scopes = " ".join(sorted(scopes))
        client.save(update_fields=["allowed_scopes", "updated"])
        _limit(client, procedures, per_minute)
        _forget_tokens(client)


def renew(client: ApiClient) -> str:
    """A new secret; the former one and its tokens open nothing any more."""
    secret = generate_client_secret()
    with transaction.atomic():
        client.client_secret = secret
        client.save(update_fields=["client_secret", "updated"])
        _forget_tokens(client)
    return secret


def close(client: ApiClient) -> None:
    """Gone at once, with its tokens; the history of the cases keeps its name."""
    client.delete()


def _check(authority: Authority, scopes: Collection[str], procedures: Mapping[str, Sequence[str]]) -> None:
    known = settings.OAUTH2_PROVIDER["SCOPES"]
    if unknown := sorted(set(scopes) - set(known)):
        raise ClientRefused(f"there is no scope “{unknown[0]}”: choose among {', '.join(known)}")
    if not scopes:
        raise ClientRefused(f"give at least one scope: {', '.join(known)}")
    for slug, fields in procedures.items():
        found = Procedure.objects.filter(authority=authority, slug=slug, current__isnull=False).first()
        if found is None or found.current is None:
            raise ClientRefused(f"there is no procedure “{slug}” in service")
        asked = {each.id for each in found.current.definition.fields} | {PLAIN}
        if missing := sorted(set(fields) - asked):
            raise ClientRefused(f"the procedure “{slug}” has no field “{missing[0]}”")


def _limit(client: ApiClient, procedures: Mapping[str, Sequence[str]], per_minute: int | None) -> None:
    given = {slug: sorted(set(fields)) for slug, fields in procedures.items()}
    Limits.objects.update_or_create(client=client, defaults={"procedures": given, "per_minute": per_minute})


def _forget_tokens(client: ApiClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()
