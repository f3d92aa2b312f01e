"""The page of a condition: what is drawn for each node, and the tree it makes once all is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.gru.designer.conditions import offers
from etoile.gru.designer.conditions.nodes import ROOT, Group, Leaf, Node
from etoile.gru.designer.conditions.offers import WrongValue
from etoile.gru.forms.definition import Field


@dataclass(frozen=True, slots=True)
class LeafView:
    """A comparison: `question` to choose while none is, then `label` with `operator` and `value`."""

    path: str
    number: int
    label: str = ""
    field: str = ""
    question: FieldView | None = None
    operator: FieldView | None = None
    value: FieldView | None = None
    focus: bool = False
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    path: str
    number: int
    kind: FieldView
    joined: str
    children: tuple["GroupView | LeafView", ...]
    focus: bool = False
    is_group: bool = True

    @property
    def is_root(self) -> bool:
        return self.path == ROOT


@dataclass
class Sheet:
    """`fields` are the questions that may be spoken of, in order; `errors` the sentence by path of node."""

    root: Group
    fields: Mapping[str, Field]
    focus: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def view(self) -> GroupView:
        return self._group(self.root, ROOT, 0)

    @property
    def links(self) -> list[ErrorLink]:
        return [ErrorLink(_id(path), words) for path, words in self.errors.items()]

    def tree(self) -> dict[str, Any] | None:
        """The condition; None when nothing is asked. Fills `errors` when something is not said yet."""
        self.errors.clear()
        return self._tree(self.root, ROOT)

    def _tree(self, node: Node, path: str) -> dict[str, Any] | None:
        if isinstance(node, Leaf):
            return self._comparison(node, path)
        made = [self._tree(child, f"{path}.{number}") for number, child in enumerate(node.children)]
        children = [each for each in made if each is not None]
        if not children:
            return None
        return children[0] if len(children) == 1 and node.kind != "not" else {node.kind: children}

    def _comparison(self, leaf: Leaf, path: str) -> dict[str, Any] | None:
        each = self.fields.get(leaf.field)
        if each is None:
            self.errors[path] = _("Choisissez la question dont dépend la condition, ou retirez cette ligne.")
            return None
        if leaf.op not in offers.OPERATORS[offers.sort_of(each)]:
            self.errors[path] = _("« %(label)s » : choisissez une comparaison.") % {"label": each.label}
            return None
        if leaf.op in ("filled", "empty"):
            return {"field": leaf.field, "op": leaf.op}
        try:
            return {"field": leaf.field, "op": leaf.op, "value": offers.value_of(each, leaf.op, leaf.values)}
        except WrongValue as wrong:
            self.errors[path] = wrong.message
            return None

    def _group(self, group: Group, path: str, number: int) -> GroupView:
        kinds = (
            ("all", _("Toutes ces conditions (ET)")),
            ("any", _("Au moins une de ces conditions (OU)")),
            ("not", _("Aucune de ces conditions")),
        )
        options = tuple(Option(value, words, checked=value == group.kind) for value, words in kinds)
        kind = FieldView(f"{path}.group", _("Il faut"), "select", _id(path), options=options)
        children = tuple(
            self._group(child, f"{path}.{at}", at)
            if isinstance(child, Group)
            else self._leaf(child, f"{path}.{at}", at)
            for at, child in enumerate(group.children)
        )
        joined = {"all": _("ET"), "any": _("OU"), "not": _("NI")}[group.kind]
        return GroupView(path, number, kind, joined, children, focus=path == self.focus)

    def _leaf(self, leaf: Leaf, path: str, number: int) -> LeafView:
        each = self.fields.get(leaf.field)
        focus = path == self.focus
        if each is None:
            options = tuple(Option(name, str(one.label) or name) for name, one in self.fields.items())
            question = FieldView(
                f"{path}.field", _("Question"), "select", _id(path), options=options, error=self.errors.get(path, "")
            )
            return LeafView(path, number, question=question, focus=focus)
        offered = offers.operators(each)
        known = leaf.op if leaf.op in dict(offered) else offered[0][0]
        options = tuple(Option(name, words, checked=name == known) for name, words in offered)
        operator = FieldView(f"{path}.op", _("Comparaison"), "select", f"{_id(path)}-op", options=options)
        return LeafView(
            path,
            number,
            str(each.label) or each.id,
            each.id,
            operator=operator,
            value=self._value(each, known, leaf, path),
            focus=focus,
        )

    def _value(self, each: Field, op: str, leaf: Leaf, path: str) -> FieldView | None:
        if op in ("filled", "empty"):
            return None
        sort, label, error = offers.sort_of(each), _("Réponse"), self.errors.get(path, "")
        name, root = f"{path}.value", _id(path)
        first = leaf.values[0] if leaf.values else ""
        if sort == offers.YES_NO:
            answers: tuple[tuple[str, str], ...] = (("yes", _("Oui")), ("no", _("Non")))
        elif sort == offers.STATE:
            answers = tuple((value, str(words)) for value, words in offers.STATES.items())
        else:
            answers = tuple((option.value, str(option.label)) for option in each.options)
        if sort in (offers.YES_NO, offers.STATE, offers.CHOICE, offers.SEVERAL):
            chosen = leaf.values if op in offers.SEVERAL_VALUES else [first]
            options = tuple(Option(value, words, checked=value in chosen) for value, words in answers)
            widget = "checkboxes" if op in offers.SEVERAL_VALUES else "select"
            return FieldView(name, label, widget, root, options=options, error=error)
        if sort == offers.DAY:
            return FieldView(name, label, "native_date", root, value=first, error=error)
        suffix = "€" if sort == offers.AMOUNT else _("lignes") if sort == offers.COUNT else ""
        number = sort in (offers.NUMBER, offers.AMOUNT, offers.COUNT)
        value = first if self.errors.get(path) else offers.shown(each, first)
        return FieldView(
            name, label, "decimal" if number else "text", root, value=value, error=error, suffix=suffix,
            width="short" if number else "",
        )  # fmt: skip


def _id(path: str) -> str:
    return "condition-" + path.replace(".", "-")
