"""Conditions read aloud: « Type de stand est « Professionnel » ET (Longueur est plus grand que 6 OU …) »."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES

# What comes between a question and the answer it is compared with.
OPERATORS: dict[str, str | Promise] = {
    "equals": gettext_lazy("est"),
    "not_equals": gettext_lazy("n’est pas"),
    "lt": gettext_lazy("est plus petit que"),
    "lte": gettext_lazy("est au plus"),
    "gt": gettext_lazy("est plus grand que"),
    "gte": gettext_lazy("est au moins"),
    "includes": gettext_lazy("contient"),
    "excludes": gettext_lazy("ne contient pas"),
    "in": gettext_lazy("est l’un de"),
    "not_in": gettext_lazy("n’est aucun de"),
    "empty": gettext_lazy("n’a pas de réponse"),
    "filled": gettext_lazy("a une réponse"),
}
# A day comes before or after another.
DAYS: dict[str, str | Promise] = {
    "lt": gettext_lazy("est avant le"),
    "lte": gettext_lazy("est au plus tard le"),
    "gt": gettext_lazy("est après le"),
    "gte": gettext_lazy("est au plus tôt le"),
    "equals": gettext_lazy("est le"),
}
JOINED: dict[str, str | Promise] = {"all": gettext_lazy("ET"), "any": gettext_lazy("OU"), "not": gettext_lazy("OU")}


def sentence(tree: Mapping[str, Any] | None, fields: Mapping[str, Field]) -> str:
    """The tree in words, with the labels of `fields` by identifier; empty when there is none."""
    return _said(tree, fields, whole=True) if tree else ""


def _said(tree: Any, fields: Mapping[str, Field], *, whole: bool = False) -> str:
    if not isinstance(tree, Mapping):
        return "?"
    group = next((name for name in JOINED if name in tree), None)
    if group is None:
        return comparison(tree, fields)
    children = tree[group] if isinstance(tree[group], list) else [tree[group]]
    joined = f" {JOINED[group]} ".join(_said(each, fields) for each in children)
    if group == "not":
        return _("aucune de ces conditions : (%(conditions)s)") % {"conditions": joined}
    return joined if whole or len(children) == 1 else f"({joined})"


def comparison(leaf: Mapping[str, Any], fields: Mapping[str, Field]) -> str:
    """One comparison: « Type de stand est « Professionnel » »."""
    name, operator = str(leaf.get("field", "")), str(leaf.get("op", ""))
    each = fields.get(name)
    label = str(each.label) if each is not None and each.label else name
    words = operator_words(operator, each)
    if each is not None and each.type == "repeated" and "value" in leaf:
        label = _("le nombre de lignes de « %(label)s »") % {"label": label}
    if "value" not in leaf:
        return f"{label} {words}"
    values = leaf["value"] if isinstance(leaf["value"], list) else [leaf["value"]]
    return f"{label} {words} {', '.join(answer(value, each) for value in values)}"


def operator_words(operator: str, each: Field | None) -> str:
    """What is said between a question and the answer: a day is « avant le », a number « plus petit que »."""
    is_day = each is not None and (each.type == "date" or each.settings.get("result") == "date")
    return str((DAYS if is_day and operator in DAYS else OPERATORS).get(operator, operator))


def answer(value: Any, each: Field | None) -> str:
    """The answer of a condition, as the person reads it on the form."""
    if isinstance(value, bool):
        return _("« oui »") if value else _("« non »")
    option = next((option for option in each.options if option.value == value), None) if each is not None else None
    if option is not None:
        return f"« {option.label} »"
    # A number compared with a list counts it.
    if each is None or (isinstance(value, int | float) and each.type in ("repeated", "multiple_choice", "file")):
        return str(value)
    return TYPES[each.type].summary(value, each) or str(value)
