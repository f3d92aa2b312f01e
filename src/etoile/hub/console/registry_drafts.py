"""A subscription being written on a screen: read from what was posted, checked, drawn with its errors in place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.conf import settings as django_settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from etoile.design.fields import FieldView, Option
from etoile.expressions import cel
from etoile.expressions.errors import ExpressionError
from etoile.hub.console import registry_queries as queries
from etoile.hub.console import registry_settings as settings
from etoile.hub.console import registry_words as words
from etoile.hub.console.registry_settings import Group, Place
from etoile.hub.registry.models import SLUG, Subscription
from etoile.hub.registry.star import PolicyPart, SecretReference, StarProblem, SubscriptionPart
from etoile.sdk import Connector
from etoile.sdk.mapping import texts
from etoile.sdk.places import Folders
from etoile.sdk.words import words_of

ALL, CHOSEN = "tous", "choisis"
BLANK_SECRETS = 2


@dataclass(slots=True)
class Draft:
    """`errors`: by place, in French. `secrets`: rows (name, is it held, reference given, error)."""

    application: str
    type: str
    connector: Connector
    slug: str = ""
    creating: bool = True
    filter: str = ""
    mode: str = ALL
    fields: list[str] = field(default_factory=list)
    mapping_text: str = ""
    mapping: dict[str, Any] | None = None
    configuration: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    held_secrets: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    sealed: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    ordered: bool = True
    active: bool = True
    reason: str = ""
    seen: str = ""
    errors: dict[Place, str] = field(default_factory=dict)

    def part(self) -> SubscriptionPart:
        """Raises ValidationError when a value is not of the form of a subscription."""
        return SubscriptionPart(
            slug=self.slug,
            application=self.application,
            type=self.type,
            filter=self.filter,
            fields=self.fields,
            mapping=self.mapping,
            connector=self.connector.manifest.name,
            configuration=self.configuration,
            secrets={name: SecretReference(secret=each) for name, each in self.references.items()},
            policy=PolicyPart.model_validate(self.policy),
            active=self.active,
            ordered=self.ordered,
        )


def of_row(row: Subscription, connector: Connector) -> Draft:
    same = row.connector == connector.manifest.name
    return Draft(
        application=row.application.slug,
        type=row.message_type.type,
        connector=connector,
        slug=row.slug,
        creating=False,
        filter=row.filter,
        mode=CHOSEN if row.fields else ALL,
        fields=list(row.fields),
        mapping_text=as_yaml(row.mapping),
        mapping=row.mapping,
        configuration=dict(row.configuration) if same else {},
        policy=dict(row.policy),
        held_secrets=sorted(row.secrets),
        kept=sorted(row.secrets),
        ordered=row.ordered,
        active=row.active,
    )


def as_yaml(mapping: Any) -> str:
    return yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False, width=100) if mapping else ""


def fill(draft: Draft, post: QueryDict) -> None:
    """Reads what was posted into the draft, and every error that can be told here."""
    if draft.creating:
        draft.slug = post.get("slug", "").strip()
    draft.filter = post.get("filtre", "").strip()
    draft.mode = CHOSEN if post.get("champs-mode") == CHOSEN else ALL
    draft.fields = post.getlist("champs") if draft.mode == CHOSEN else []
    draft.mapping_text = post.get("correspondance", "").replace("\r\n", "\n")
    draft.configuration = settings.read(draft.connector.Configuration, post, "reglage")
    draft.policy = settings.read(PolicyPart, post, "regle")
    draft.ordered = "ordonne" in post
    draft.active = "actif" in post if draft.creating else draft.active
    draft.reason, draft.seen = post.get("reason", "").strip(), post.get("seen", "")
    _fill_secrets(draft, post)
    _check(draft)


def _fill_secrets(draft: Draft, post: QueryDict) -> None:
    draft.kept = []
    for index in range(len(draft.held_secrets) + BLANK_SECRETS):
        name = post.get(f"secret.{index}.nom", "").strip()
        value = post.get(f"secret.{index}.valeur", "").strip()
        reference = post.get(f"secret.{index}.reference", "").strip()
        if not name:
            if value or reference:
                draft.errors["secret", index] = _("Donnez un nom à ce secret.")
        elif value:
            draft.sealed[name] = value
        elif reference:
            draft.references[name] = reference
        elif name in draft.held_secrets:
            draft.kept.append(name)
        else:
            draft.errors["secret", index] = _("Donnez sa valeur, ou une référence.")


def _check(draft: Draft) -> None:
    errors = draft.errors
    if draft.creating:
        try:
            SLUG(draft.slug)
        except Exception:
            errors["slug",] = _("Des minuscules, des chiffres et des tirets.")
        if Subscription.objects.filter(slug=draft.slug).exists():
            errors["slug",] = _("Ce nom court est déjà celui d’un abonnement.")
    if not draft.reason:
        errors["reason",] = _("Écrivez pourquoi vous faites ce changement.")
    if draft.mode == CHOSEN and not draft.fields:
        errors["fields",] = _("Cochez au moins un champ, ou choisissez de tout transmettre.")
    if found := filter_error(draft.filter):
        errors["filter",] = found
    draft.mapping, found = read_mapping(draft.mapping_text, draft.type)
    if found:
        errors["mapping",] = found
    opened = Folders(django_settings.HUB_ALLOWED_FOLDERS)
    _check_model(
        draft.connector.Configuration,
        lambda: draft.connector.configured(draft.configuration, opened),
        "configuration",
        errors,
    )
    _check_model(PolicyPart, lambda: PolicyPart.model_validate(draft.policy), "policy", errors)
    if not any(place[0] == "policy" for place in errors):
        policy = PolicyPart.model_validate(draft.policy)
        if policy.lease <= policy.timeout:
            errors["policy", "lease"] = _(
                "Il doit dépasser le temps laissé pour répondre, sinon l’envoi serait repris deux fois."
            )


def _check_model(model: Any, validated: Callable[[], object], root: str, errors: dict[Place, str]) -> None:
    try:
        validated()
    except ValidationError as refusal:
        for each in refusal.errors(include_url=False, include_input=False):
            errors.setdefault((root, *settings.places(model, each["loc"])), words.of_setting(each))


def filter_error(text: str) -> str:
    if not text:
        return ""
    try:
        cel.compile(text, variables=("event",))
    except ExpressionError as error:
        return str(error)
    return ""


def read_mapping(text: str, type: str) -> tuple[dict[str, Any] | None, str]:
    """The tree or the file written in YAML, and what is wrong with it, line by line; nothing written is no mapping."""
    if not text.strip():
        return None, ""
    written = texts.read(text, type)
    if written.tree is None and written.faults:
        line = written.faults[0].line
        where = _("ligne %(n)s") % {"n": line} if line else _("le texte")
        return None, _("Ce n’est pas du YAML : %(where)s.") % {"where": where}
    if not isinstance(written.tree, dict):
        return None, _("Il faut des noms et des valeurs, par exemple « reference: =event.data.case.reference ».")
    found = [
        _("Ligne %(n)s : %(what)s") % {"n": each.line, "what": each.words} if each.line else each.words
        for each in written.faults
    ]
    return written.tree, " ".join(found)


def add(draft: Draft, problems: tuple[StarProblem, ...]) -> None:
    """What the registry refused, at its place when the screen shows that place."""
    for problem in problems:
        place: Place = problem.place or ("",)
        if place[0] == "secrets":
            draft.errors["secret", 0] = problem.message
        else:
            draft.errors.setdefault(place if place[0] in ("configuration", "policy") else (place[0],), problem.message)


def groups(draft: Draft, root: str) -> list[Group | FieldView]:
    """The settings of the connector, or the rules of delivery, as they are drawn."""
    model: Any = draft.connector.Configuration if root == "configuration" else PolicyPart
    values = draft.configuration if root == "configuration" else draft.policy
    errors = {place[1:]: message for place, message in draft.errors.items() if place[0] == root}
    if root != "configuration":
        return settings.draw(model, values, errors, "regle", say=_)
    spoken = words_of(draft.connector, (get_language() or "fr")[:2])
    return settings.draw(model, values, errors, "reglage", say=lambda text: spoken.get(text, text))


def basics(draft: Draft) -> dict[str, FieldView]:
    """The fields that are the same whatever the connector, by name."""
    return _content(draft) | _ending(draft)


def _content(draft: Draft) -> dict[str, FieldView]:
    errors = draft.errors
    chosen = set(draft.fields)
    return {
        "slug": FieldView(
            "slug",
            _("Nom court"),
            value=draft.slug,
            required=True,
            maxlength=80,
            error=errors.get(("slug",), ""),
            hint=_("Des minuscules, des chiffres et des tirets. Il ne changera plus."),
        ),
        "filter": FieldView(
            "filtre",
            _("Filtre"),
            widget="textarea",
            rows=3,
            value=draft.filter,
            error=errors.get(("filter",), ""),
            hint=_(
                "Une condition CEL, par exemple : event.data.procedure.slug == 'acte-naissance'. Vide : tout passe."
            ),
        ),
        "mode": FieldView(
            "champs-mode",
            _("Ce que l’application voit du message"),
            widget="radios",
            error=errors.get(("fields",), ""),
            options=(
                Option(ALL, _("tout le message"), checked=draft.mode == ALL),
                Option(CHOSEN, _("seulement les champs cochés plus bas"), checked=draft.mode == CHOSEN),
            ),
        ),
        "fields": FieldView(
            "champs",
            _("Champs transmis"),
            widget="checkboxes",
            options=tuple(
                Option(path, f"{title} ({path})", checked=path in chosen) for path, title in queries.paths(draft.type)
            ),
        ),
        "mapping": FieldView(
            "correspondance",
            _("Correspondance"),
            widget="textarea",
            rows=12,
            value=draft.mapping_text,
            error=errors.get(("mapping",), ""),
            hint=_("En YAML ; « = » en tête d’une valeur la calcule. Vide : le message part tel quel."),
        ),
    }


def _ending(draft: Draft) -> dict[str, FieldView]:
    errors = draft.errors
    return {
        "ordered": FieldView(
            "ordonne",
            _("Dans l’ordre, demande par demande"),
            widget="checkbox",
            value=draft.ordered,
            hint=_("Sinon un envoi n’attend jamais celui qui le précède."),
        ),
        "active": FieldView(
            "actif",
            _("Actif dès l’enregistrement"),
            widget="checkbox",
            value=draft.active,
            hint=_("Sinon les envois sont retenus jusqu’à ce que vous le rétablissiez."),
        ),
        "reason": FieldView(
            "reason",
            _("Motif du changement"),
            required=True,
            maxlength=500,
            value=draft.reason,
            error=errors.get(("reason",), ""),
            hint=_("Il reste dans l’historique avec votre nom."),
        ),
        "seen": FieldView("seen", "", widget="hidden", value=draft.seen),
    }


def secret_rows(draft: Draft) -> list[FieldView]:
    """One group per secret held, then some empty ones; values are never shown."""
    names = [
        *draft.held_secrets,
        *[name for name in (*draft.sealed, *draft.references) if name not in draft.held_secrets],
    ]
    rows = [*names, *[""] * BLANK_SECRETS][: len(draft.held_secrets) + BLANK_SECRETS]
    return [_secret(draft, index, name) for index, name in enumerate(rows)]


def _secret(draft: Draft, index: int, name: str) -> FieldView:
    held = name in draft.held_secrets
    label = _("Secret « %(name)s », scellé") % {"name": name} if held else _("Nouveau secret")
    parts = (
        FieldView(
            f"secret.{index}.nom",
            _("Nom"),
            value=name,
            hint=_("Effacez le nom pour oublier ce secret.") if held else "",
        ),
        FieldView(
            f"secret.{index}.valeur",
            _("Nouvelle valeur") if held else _("Valeur"),
            widget="password",
            autocomplete="off",
            hint=_("Vide : la valeur d’avant reste.") if held else _("Scellée aussitôt, jamais montrée."),
        ),
        FieldView(
            f"secret.{index}.reference",
            _("Ou référence"),
            value=draft.references.get(name, ""),
            hint=_("Le nom d’un secret du serveur du hub."),
        ),
    )
    error = draft.errors.get(("secret", index), "")
    return FieldView(f"secret.{index}", label, widget="group", id=parts[0].id, parts=parts, error=error)
