"""Changing the registry by the API: the same checks, the same writing and the same history as the console's pages."""

from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.core.validators import validate_email
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ValidationError

from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.connector_shapes import ConnectorList, ConnectorOut
from etoile.hub.intake.operation import ADMINISTER, READ, by, misshapen, part_of, plain, seen, tagged
from etoile.hub.intake.operation_shapes import (
    ApplicationIn,
    AuthorityIn,
    ChangeList,
    ChangeOut,
    CredentialIn,
    CredentialMade,
    Facts,
    FactsList,
    OperatorIn,
    OperatorList,
    OperatorOut,
    Reasoned,
    RoleIn,
    SubscriptionIn,
)
from etoile.hub.intake.problems import refused
from etoile.hub.registry import changes, editing, installed, operators
from etoile.hub.registry.models import Application, Authority, Change, Credential, Operator, Subscription
from etoile.hub.registry.star import ApplicationPart, AuthorityPart, SubscriptionPart
from etoile.hub.registry.star_checks import HUB

router = Router(tags=["administration"], auth=OAuth2(ADMINISTER))
LAST_CHANGES = 50


@router.get("/hub/applications", response=FactsList, auth=OAuth2(READ), summary="Applications, whole")
def hub_applications(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_application(each) for each in Application.objects.exclude(slug=HUB).order_by("slug")]}


@router.get("/hub/applications/{slug}", response=Facts, auth=OAuth2(READ), summary="One application, with its contract")
def hub_application(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, Any]:
    told = _application(_found_application(slug))
    tagged(response, told["version"])
    return told


@router.put("/hub/applications/{slug}", response=Facts, summary="Create or change an application")
def hub_keep_application(
    request: HttpRequest, response: HttpResponse, slug: str, given: ApplicationIn
) -> dict[str, Any]:
    """Whole: what is absent takes its default. `If-Match` (the version read) refuses a change made blindly."""
    own = {"slug", "reason", "document_secret_value"}
    part = part_of(ApplicationPart, slug, given.slug, given.model_dump(exclude=own, exclude_unset=True))
    row = editing.keep_application(
        part, by=by(request, given.reason), document_secret=given.document_secret_value, seen=seen(request)
    )
    told = _application(row)
    tagged(response, told["version"])
    return told


@router.get("/hub/connectors", response=ConnectorList, auth=OAuth2(READ), summary="Connectors, and their badges")
def hub_connectors(request: HttpRequest) -> dict[str, Any]:
    """Those installed, as their manifests say; `badge` is what `etoile connector test` wrote, `changed` whether the
    folder is no longer the one that was tested."""
    return {"items": [ConnectorOut.of(each) for each in installed.all()]}


@router.get("/hub/subscriptions", response=FactsList, auth=OAuth2(READ), summary="Subscriptions, whole")
def hub_subscriptions(request: HttpRequest, application: str | None = None) -> dict[str, Any]:
    rows = Subscription.objects.select_related("application", "message_type")
    if application is not None:
        rows = rows.filter(application__slug=application)
    return {"items": [_subscription(each) for each in rows]}


@router.get("/hub/subscriptions/{slug}", response=Facts, auth=OAuth2(READ), summary="One subscription, without secrets")
def hub_subscription(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, Any]:
    told = _subscription(_found_subscription(slug))
    tagged(response, told["version"])
    return told


@router.put("/hub/subscriptions/{slug}", response=Facts, summary="Create or change a subscription")
def hub_keep_subscription(
    request: HttpRequest, response: HttpResponse, slug: str, given: SubscriptionIn
) -> dict[str, Any]:
    """Whole: what is absent takes its default. `If-Match` (the version read) refuses a change made blindly."""
    own = {"slug", "reason", "sealed", "kept_secrets"}
    part = part_of(SubscriptionPart, slug, given.slug, given.model_dump(exclude=own, exclude_unset=True))
    held = Subscription.objects.filter(slug=slug).first()
    kept = given.kept_secrets if given.kept_secrets is not None else list(held.secrets if held else {})
    row = editing.keep_subscription(
        part, by=by(request, given.reason), sealed=given.sealed, kept=kept, seen=seen(request)
    )
    told = _subscription(row)
    tagged(response, told["version"])
    return told


@router.get("/hub/changes", response=ChangeList, auth=OAuth2(READ), summary="The history of changes, the latest first")
def hub_changes(
    request: HttpRequest, kind: str | None = None, name: str | None = None, application: str | None = None
) -> dict[str, Any]:
    exact = {"kind": kind, "name": name, "application": application}
    rows = Change.objects.filter(**{key: value for key, value in exact.items() if value is not None})
    return {"items": [plain(each, tuple(ChangeOut.model_fields)) for each in rows.order_by("-id")[:LAST_CHANGES]]}


@router.put("/hub/authorities/{siret}", response=dict[str, str], summary="Create or rename an authority")
def hub_keep_authority(request: HttpRequest, siret: str, given: AuthorityIn) -> dict[str, str]:
    part = part_of(AuthorityPart, siret, siret, {"name": given.name}, key="siret")
    editing.keep_authority(part, by=by(request, given.reason))
    return {"siret": siret, "name": given.name}


@router.get("/hub/authorities", response=list[dict[str, str]], auth=OAuth2(READ), summary="The authorities")
def hub_authorities(request: HttpRequest) -> list[dict[str, str]]:
    return [{"siret": each.siret, "name": each.name} for each in Authority.objects.all()]


@router.get("/hub/applications/{slug}/credentials", response=list[dict[str, Any]], auth=OAuth2(READ))
def hub_credentials(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The credentials of an application, without their secrets."""
    rows = Credential.objects.filter(application=_found_application(slug)).select_related("application")
    return [changes.of_credential(each) for each in rows]


@router.post("/hub/applications/{slug}/credentials/{client_id}", response=CredentialMade, summary="Give access")
def hub_make_credential(request: HttpRequest, slug: str, client_id: str, given: CredentialIn) -> dict[str, str]:
    """A new credential, or a new secret for the one it has: the old secret then opens nothing."""
    _found_application(slug)
    try:
        secret = editing.make_credential(
            slug,
            client_id,
            given.scopes,
            by=by(request, given.reason),
            expires_at=given.expires_at,
            operation=given.operation,
        )
    except ValidationError as error:
        raise misshapen(error) from None
    return {"client_id": client_id, "client_secret": secret}


@router.post("/hub/applications/{slug}/credentials/{client_id}/withdraw", response=dict[str, Any])
def hub_withdraw_credential(request: HttpRequest, slug: str, client_id: str, why: Reasoned) -> dict[str, Any]:
    """From now on it opens nothing, its tokens neither."""
    if not Credential.objects.filter(application=_found_application(slug), client_id=client_id).exists():
        raise refused(404, "not-found", "The application has no such credential.")
    return changes.of_credential(editing.withdraw_credential(client_id, by=by(request, why.reason)))


@router.get("/hub/operators", response=OperatorList, summary="Who may use the console")
def hub_operators(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_operator(each) for each in Operator.objects.order_by("email")]}


@router.post("/hub/operators/{email}", response=OperatorOut, summary="Open an account of the console")
def hub_open_account(request: HttpRequest, email: str, given: OperatorIn) -> dict[str, Any]:
    try:
        validate_email(email)
        made = operators.create(email, given.password, name=given.name, role=given.role, by=by(request, given.reason))
    except Invalid as error:
        raise refused(422, "invalid-request", "This account cannot be opened.", " ".join(error.messages)) from None
    except IntegrityError:
        raise refused(409, "conflict", "There is already an account of this address.") from None
    return _operator(made)


@router.post("/hub/operators/{email}/role", response=OperatorOut, summary="Give another role")
def hub_give_role(request: HttpRequest, email: str, given: RoleIn) -> dict[str, Any]:
    return _operator(operators.give_role(_known(email), given.role, by=by(request, given.reason)))


@router.post("/hub/operators/{email}/close", response=OperatorOut, summary="Close an account")
def hub_close_account(request: HttpRequest, email: str, why: Reasoned) -> dict[str, Any]:
    return _operator(operators.close(_known(email), by=by(request, why.reason)))


@router.post("/hub/operators/{email}/reopen", response=OperatorOut, summary="Open a closed account again")
def hub_reopen_account(request: HttpRequest, email: str, why: Reasoned) -> dict[str, Any]:
    return _operator(operators.reopen(_known(email), by=by(request, why.reason)))


def _known(email: str) -> str:
    if not Operator.objects.filter(email=email.strip().lower()).exists():
        raise refused(404, "not-found", "There is no account of this address.")
    return email


def _operator(row: Operator) -> dict[str, Any]:
    return plain(row, tuple(OperatorOut.model_fields))


def _application(row: Application) -> dict[str, Any]:
    return {"version": editing.version("application", row.slug), "facts": changes.of_application(row)}


def _subscription(row: Subscription) -> dict[str, Any]:
    return {"version": editing.version("subscription", row.slug), "facts": changes.of_subscription(row)}


def _found_application(slug: str) -> Application:
    found = Application.objects.exclude(slug=HUB).filter(slug=slug).first()
    if found is None:
        raise refused(404, "not-found", "There is no such application.")
    return found


def _found_subscription(slug: str) -> Subscription:
    found = Subscription.objects.select_related("application", "message_type").filter(slug=slug).first()
    if found is None:
        raise refused(404, "not-found", "There is no such subscription.")
    return found
