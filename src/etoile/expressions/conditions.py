"""Conditions that people build on screen: a tree of `{all|any|not: [...]}` with leaves `{field, op, value}`.

`not` holds when none of its conditions holds. Answers are those of a form: texts, numbers, booleans, lists; dates are
ISO 8601 texts, which compare as texts. An answer made of several values is compared by what it is known by: its `key`
(a row of a table), else its `value`, else its `state` (what came through the hub). An absent answer is empty: it is
equal to nothing and fits no comparison. A list compared with a number is counted: the rows of a repeated block, the
boxes ticked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from etoile.expressions.errors import ExpressionError

MAX_DEPTH = 10
MAX_LEAVES = 200
_KNOWN_BY = ("key", "value", "state")

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A compiled tree. `references` are the fields it reads."""

    references: frozenset[str]
    _test: Callable[[Answers], bool]

    def holds(self, answers: Answers) -> bool:
        """Whether the answers (value by field identifier) satisfy the tree. Never raises on answers."""
        return self._test(answers)


def compile(tree: Any, fields: set[str] | None = None) -> Condition:
    """Reads a tree; `fields` are the fields it may refer to, None for any. ExpressionError in French, with the path."""
    references: set[str] = set()
    test = _node(tree, fields, references, path="", depth=1, leaves=[0])
    return Condition(frozenset(references), test)


def _node(
    tree: Any, fields: set[str] | None, references: set[str], *, path: str, depth: int, leaves: list[int]
) -> Callable[[Answers], bool]:
    where = path or "la condition"
    if not isinstance(tree, Mapping):
        raise ExpressionError(f"{where} : un objet est attendu (all, any, not, ou field et op).")
    if depth > MAX_DEPTH:
        raise ExpressionError(f"{where} : plus de {MAX_DEPTH} niveaux de conditions.")
    groups = [name for name in _GROUPS if name in tree]
    if not groups:
        leaves[0] += 1
        if leaves[0] > MAX_LEAVES:
            raise ExpressionError(f"Une condition a au plus {MAX_LEAVES} comparaisons.")
        return _leaf(tree, fields, references, where)
    if len(tree) > 1:
        raise ExpressionError(f"{where} : « {groups[0]} » doit être seul.")
    name, children = groups[0], tree[groups[0]]
    if name == "not" and isinstance(children, Mapping):
        children = [children]
    if not isinstance(children, list) or not children:
        raise ExpressionError(f"{where} : « {name} » attend une liste de conditions.")
    tests = [
        _node(child, fields, references, path=f"{path}/{name}/{index}", depth=depth + 1, leaves=leaves)
        for index, child in enumerate(children)
    ]
    return _GROUPS[name](tests)


def _leaf(tree: Mapping, fields: set[str] | None, references: set[str], where: str) -> Callable[[Answers], bool]:
    unknown = sorted(str(name) for name in tree.keys() - {"field", "op", "value"})
    if unknown:
        raise ExpressionError(f"{where} : « {unknown[0]} » n'est pas connu ici.")
    field, operator, value = tree.get("field"), tree.get("op"), tree.get("value")
    if not isinstance(field, str) or not field:
        raise ExpressionError(f"{where} : « field » est l'identifiant d'un champ.")
    if fields is not None and field not in fields:
        raise ExpressionError(f"{where} : le champ « {field} » n'existe pas, ou vient plus loin.")
    if not isinstance(operator, str) or operator not in OPERATORS:
        raise ExpressionError(f"{where} : l'opérateur est l'un de {', '.join(sorted(OPERATORS))}.")
    _check_value(operator, "value" in tree, value, where)
    references.add(field)
    compare = OPERATORS[operator]
    return lambda answers: compare(known_by(answers.get(field)), value)


def known_by(answer: Any) -> Any:
    """What an answer is compared by."""
    if isinstance(answer, Mapping):
        return next((answer[name] for name in _KNOWN_BY if answer.get(name) is not None), answer)
    return answer


def _check_value(operator: str, present: bool, value: Any, where: str) -> None:
    if operator in ("empty", "filled"):
        if present:
            raise ExpressionError(f"{where} : « {operator} » n'attend pas de valeur.")
    elif not present or value is None:
        raise ExpressionError(f"{where} : « {operator} » attend une valeur.")
    elif operator in ("in", "not_in"):
        if not isinstance(value, list) or not value:
            raise ExpressionError(f"{where} : « {operator} » attend une liste de valeurs.")
    elif isinstance(value, Mapping | list):
        raise ExpressionError(f"{where} : « {operator} » attend un texte, un nombre, ou vrai / faux.")
    elif operator in ("lt", "lte", "gt", "gte") and isinstance(value, bool):
        raise ExpressionError(f"{where} : « {operator} » compare des nombres ou des dates.")


def _empty(answer: Any) -> bool:
    return answer is None or answer == "" or answer == [] or answer == {}


def _same(answer: Any, value: Any) -> bool:
    answer = _counted(answer, value)
    # True and 1 are equal in Python; on a form they are a box ticked and a number.
    return isinstance(answer, bool) == isinstance(value, bool) and bool(answer == value)


def _counted(answer: Any, value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return len(answer) if number and isinstance(answer, list) else answer


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(answer: Any, value: Any) -> bool:
        answer = _counted(answer, value)
        for kind in (str, int | float):
            if isinstance(answer, kind) and isinstance(value, kind) and not isinstance(answer, bool):
                return not _empty(answer) and test(answer, value)
        return False

    return compare


def _includes(answer: Any, value: Any) -> bool:
    return isinstance(answer, list) and any(_same(each, value) for each in answer)


def _in(answer: Any, values: list) -> bool:
    return any(_same(answer, value) for value in values)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _same,
    "not_equals": lambda answer, value: not _same(answer, value),
    "lt": _ordered(lambda answer, value: answer < value),
    "lte": _ordered(lambda answer, value: answer <= value),
    "gt": _ordered(lambda answer, value: answer > value),
    "gte": _ordered(lambda answer, value: answer >= value),
    "includes": _includes,
    "excludes": lambda answer, value: not _includes(answer, value),
    "in": _in,
    "not_in": lambda answer, values: not _in(answer, values),
    "empty": lambda answer, value: _empty(answer),
    "filled": lambda answer, value: not _empty(answer),
}

_GROUPS: dict[str, Callable[[list[Callable[[Answers], bool]]], Callable[[Answers], bool]]] = {
    "all": lambda tests: lambda answers: all(test(answers) for test in tests),
    "any": lambda tests: lambda answers: any(test(answers) for test in tests),
    "not": lambda tests: lambda answers: not any(test(answers) for test in tests),
}
