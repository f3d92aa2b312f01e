"""Subscriptions: the page of one, creating and changing it, switching it off and on."""

from dataclasses import replace

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from etoile.design.fields import ErrorLink, errors_of
from etoile.hub.catalogue.models import MessageType
from etoile.hub.console import registry_drafts as drafts
from etoile.hub.console import registry_queries as queries
from etoile.hub.console import registry_words as words
from etoile.hub.console.access import operator_required
from etoile.hub.console.forms import Decision
from etoile.hub.console.pages.registry_applications import by, meanwhile
from etoile.hub.console.pages.registry_connectors import standing
from etoile.hub.console.registry_drafts import Draft
from etoile.hub.console.registry_settings import Group
from etoile.hub.console.words import kind
from etoile.hub.delivery import circuits
from etoile.hub.delivery import services as delivering
from etoile.hub.registry import changes, editing, installed
from etoile.hub.registry.models import Application, Direction, Subscription
from etoile.hub.registry.star import StarError
from etoile.sdk import Check
from etoile.sdk.connector import discover


def found(slug: str) -> Subscription:
    return get_object_or_404(Subscription.objects.select_related("application", "message_type"), slug=slug)


@operator_required
@require_safe
def subscription(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, found(slug), Decision())


def show(
    request: HttpRequest, row: Subscription, form: Decision, checks: list[Check] | None = None, status: int = 200
) -> HttpResponse:
    connector = discover().get(row.connector)
    context = {
        "subscription": row,
        "kind": kind(row.message_type.type),
        "stand": queries.stands([row])[0],
        "circuit": queries.circuit(row),
        "connector": connector.manifest.title.fr if connector else row.connector,
        "conformance": standing(carried) if (carried := installed.one(row.connector)) else None,
        "can_check": connector is not None and "check" in connector.capabilities,
        "configuration": words.shown(changes.without_secrets(row.configuration)),
        "policy": words.shown(row.policy),
        "mapping": drafts.as_yaml(row.mapping),
        "secrets": sorted(row.secrets),
        "history": words.history(queries.changes_of("subscription", row.slug)),
        "form": form,
        "checks": checks,
        "may_decide": request.user.may("operator"),  # type: ignore[union-attr]
        "may_change": request.user.may("administrator"),  # type: ignore[union-attr]
    }
    return render(request, "console/registry/subscription.html", context, status=422 if form.errors else status)


@operator_required("operator")
@require_POST
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Switches a subscription off (its deliveries are held, never dropped) or on again."""
    row, form = found(slug), Decision(request.POST)
    if not form.is_valid():
        return show(request, row, form)
    reason, actor = form.cleaned_data["reason"], request.user.email  # type: ignore[union-attr]
    if "hold" in request.POST:
        delivering.switch(row.pk, active=False, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est suspendu : ses envois sont retenus, rien n’est perdu."))
    elif "release" in request.POST:
        delivering.switch(row.pk, active=True, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est rétabli : ses envois repartent."))
    else:
        raise Http404
    return redirect("console:subscription", slug=slug)


@operator_required("operator")
@require_POST
def close_circuit(request: HttpRequest, slug: str) -> HttpResponse:
    """Calls the application again at once, rather than at the end of the pause."""
    row, form = found(slug), Decision(request.POST)
    if not form.is_valid():
        return show(request, row, form)
    actor = request.user.email  # type: ignore[union-attr]
    if circuits.close(row.pk, actor=actor, reason=form.cleaned_data["reason"]):
        notes.success(request, _("L’application est appelée de nouveau : ce qui attendait part."))
    else:
        notes.warning(request, _("L’application était déjà appelée de nouveau : rien n’a été fait."))
    return redirect("console:subscription", slug=slug)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def subscription_new(request: HttpRequest) -> HttpResponse:
    """First who receives what by which connector, then all the rest."""
    asked = {name: request.GET.get(name, "") for name in ("application", "type", "connecteur")}
    connector = discover().get(asked["connecteur"])
    application = Application.objects.filter(slug=asked["application"]).first()
    received = application.interfaces.filter(direction=Direction.IN) if application else None  # type: ignore[attr-defined]
    if connector is None or received is None or not received.filter(message_type__type=asked["type"]).exists():
        return _choose(request, application, asked)
    return _edit(request, Draft(application=asked["application"], type=asked["type"], connector=connector))


def _choose(request: HttpRequest, application: Application | None, asked: dict[str, str]) -> HttpResponse:
    types = (
        MessageType.objects.filter(interfaces__application=application, interfaces__direction=Direction.IN)
        if application
        else MessageType.objects.none()
    )
    context = {
        "applications": queries.applications(),
        "application": application,
        "types": [(each.type, kind(each.type)) for each in types],
        "connectors": queries.connectors(),
        "asked": asked,
    }
    return render(request, "console/registry/subscription_choice.html", context)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def subscription_edit(request: HttpRequest, slug: str) -> HttpResponse:
    row = found(slug)
    connector = discover().get(request.GET.get("connecteur") or row.connector)
    if connector is None:
        return _change_connector(request, row)
    return _edit(request, drafts.of_row(row, connector))


@operator_required("administrator")
@require_safe
def connector(request: HttpRequest, slug: str) -> HttpResponse:
    return _change_connector(request, found(slug))


def _change_connector(request: HttpRequest, row: Subscription) -> HttpResponse:
    context = {"subscription": row, "connectors": queries.connectors()}
    return render(request, "console/registry/connector.html", context)


def _edit(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        draft.seen = "" if draft.creating else editing.version("subscription", draft.slug)
        return _form(request, draft)
    drafts.fill(draft, request.POST)
    if "afficher" in request.POST:
        draft.errors.clear()
        return _form(request, draft)
    if not draft.errors and _kept(request, draft):
        notes.success(request, _("L’abonnement est enregistré. Vérifiez-le, puis faites un essai à blanc."))
        return redirect("console:subscription", slug=draft.slug)
    return _form(request, draft)


def _kept(request: HttpRequest, draft: Draft) -> bool:
    try:
        editing.keep_subscription(
            draft.part(),
            by=by(request, draft.reason),
            sealed=draft.sealed,
            kept=draft.kept,
            seen=draft.seen if not draft.creating else None,
        )
    except editing.ChangedMeanwhileError:
        draft.errors["reason",] = meanwhile()
    except StarError as refusal:
        drafts.add(draft, refusal.problems)
    except ValidationError as refusal:
        for each in refusal.errors(include_url=False, include_input=False):
            draft.errors.setdefault(each["loc"][:1], words.of_setting(each))
    return not draft.errors


def _form(request: HttpRequest, draft: Draft) -> HttpResponse:
    basics, settings = drafts.basics(draft), drafts.groups(draft, "configuration")
    policy, secrets = drafts.groups(draft, "policy"), drafts.secret_rows(draft)
    head = [view for name, view in basics.items() if name != "reason"]
    in_order = [*head, *settings, *secrets, *policy, basics["reason"]]
    context = {
        "draft": draft,
        "kind": kind(draft.type),
        "connector": draft.connector.manifest.title.fr,
        "help": draft.connector.manifest.description,
        "basics": basics,
        "settings": settings,
        "policy": policy,
        "secrets": secrets[: len(draft.held_secrets)],
        "new_secrets": secrets[len(draft.held_secrets) :],
        "secrets_wrong": any(place[0] == "secret" for place in draft.errors),
        "errors": _links(in_order) + _unplaced(draft),
    }
    status = 422 if draft.errors else 200
    return render(request, "console/registry/subscription_form.html", context, status=status)


def _links(nodes: list) -> list[ErrorLink]:
    found: list[ErrorLink] = []
    for node in nodes:
        if isinstance(node, Group):
            found += [ErrorLink(node.id, node.error)] if node.error else []
            found += _links(list(node.children))
        else:
            found += [replace(each, message=f"{node.label} : {each.message}") for each in errors_of([node])]
    return found


def _unplaced(draft: Draft) -> list[ErrorLink]:
    """What concerns no field that the screen shows."""
    shown = {"slug", "filter", "fields", "mapping", "configuration", "policy", "reason", "secret"}
    whole = [message for place, message in draft.errors.items() if place[0] not in shown]
    whole += [draft.errors[place,] for place in ("configuration", "policy") if (place,) in draft.errors]
    return [ErrorLink("reglages", message) for message in whole]
