"""CEL, the Common Expression Language (https://github.com/google/cel-spec), with limits of ours.

Used for filters, mappings and calculated fields. Amounts are in cents, as integers: CEL does not mix integers and
decimals, and integer division stays whole. `size` of a text counts bytes, as this library does.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakMethod

import cel

from etoile.expressions import functions, limits
from etoile.expressions.errors import AbsentError, ExpressionError

MAX_STEPS = 20_000
MAX_COLLECTED = 2_000
# Each reading of a variable copies it whole, so the steps allowed shrink with the number of values in the data.
MAX_WORK = 20_000_000
# Handing a value to the library costs about this many readings of it.
HANDING = 20

_TYPE_NAMES = frozenset({"int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type"})
_OPERATOR = re.compile(r"[^A-Za-z].*|_.*|-_")
_SYNTAX = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNREADABLE = "Les données ne peuvent pas être lues par une expression."
_UNDEFINED = re.compile(r"Undefined variable or function: '([^']*)'")


def _weakly(method: Callable[..., bool]) -> Callable[..., bool]:
    """A method called without keeping its object alive."""
    reference = WeakMethod(method)

    def call(*arguments: Any) -> bool:
        found = reference()
        return found is not None and found(*arguments)

    return call


class Prepared:
    """Values converted once, for several expressions in a row (the filters of many subscriptions, say).

    Belongs to one thread at a time. `work` bounds what its expressions may read in all, in values.
    """

    def __init__(self, values: Mapping[str, Any], work: int = MAX_WORK) -> None:
        self._values = dict(values)
        self._work = min(work, MAX_WORK)
        self._steps = self._collected = 0
        self._max_steps: int | None = None
        self._sizes: dict[str, int] = {}
        # The context is not seen by the garbage collector: held by it, this object would never be freed.
        counters = {limits.STEP: _weakly(self._step), limits.COLLECT: _weakly(self._collect)}
        try:
            self._context = cel.Context(variables=dict(values), functions=counters)
        except (ValueError, TypeError, OverflowError):
            raise ExpressionError(_UNREADABLE) from None
        self._added: set[str] = set()

    def give(self, name: str, value: Any) -> None:
        """One more variable, or another value for it: the item at hand of a repeated group, say."""
        try:
            self._context.add_variable(name, value)
        except (ValueError, TypeError, OverflowError):
            raise ExpressionError(_UNREADABLE) from None
        self._values[name], self._max_steps = value, None
        self._sizes.pop(name, None)

    @property
    def allowed(self) -> int:
        """How many steps an expression may take on these values; also a bound for what repeats expressions."""
        return self._allowed()

    def _step(self) -> bool:
        self._steps += 1
        return self._steps <= self._allowed()

    def _allowed(self) -> int:
        if self._max_steps is None:
            for name in self._values.keys() - self._sizes.keys():
                self._sizes[name] = _size({name: self._values[name]}) - 1
            self._max_steps = min(MAX_STEPS, self._work // (1 + sum(self._sizes.values())))
        return self._max_steps

    @property
    def spent(self) -> int:
        """What the last expression cost, in values: those handed over, and those read at each step."""
        self._allowed()
        return (HANDING + self._steps + self._collected) * (1 + sum(self._sizes.values()))

    def _within(self) -> bool:
        return self._steps <= self._allowed() and self._collected <= min(MAX_COLLECTED, self._allowed())

    def _collect(self) -> bool:
        self._collected += 1
        if not self._within():
            raise OverflowError
        return True

    def run(self, program: "cel.Program", needed: frozenset[str]) -> Any:
        """For `Expression` only: what the library answers, or raises."""
        for name in needed - self._added:
            self._context.add_function(name, functions.EXTRA[name])
            self._added.add(name)
        self._steps = self._collected = 0
        try:
            return program.execute(self._context)
        finally:
            if (self._steps or self._collected) and not self._within():
                raise ExpressionError("Le calcul parcourt trop d'éléments : il a été arrêté.")


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression; may be used by several threads, each with its own context."""

    source: str
    _program: Any
    _functions: frozenset[str]
    variables: frozenset[str] = frozenset()
    """Those it reads, among the ones it may use."""

    def evaluate(self, context: Mapping[str, Any] | Prepared) -> Any:
        """The value, made of JSON types only; times become RFC 3339 texts, durations become seconds.

        ExpressionError, in French, when a value is missing (AbsentError), of the wrong type, or when the work is too
        long.
        """
        prepared = context if isinstance(context, Prepared) else Prepared(context)
        try:
            return _json(prepared.run(self._program, self._functions))
        except ExpressionError:
            raise
        except KeyError as error:
            raise AbsentError(f"La valeur « {error.args[0]} » est absente des données.") from None
        except IndexError:
            raise AbsentError("La liste n'a pas autant d'éléments.") from None
        except ZeroDivisionError:
            raise ExpressionError("Division par zéro.") from None
        except OverflowError:
            raise ExpressionError("Le résultat dépasse les nombres permis.") from None
        except (TypeError, ValueError, RuntimeError) as error:
            raise ExpressionError(_explain(error)) from None

    def holds(self, context: Mapping[str, Any] | Prepared) -> bool:
        """For a filter: the value, which must be true or false. ExpressionError otherwise."""
        value = self.evaluate(context)
        if not isinstance(value, bool):
            raise ExpressionError("Le résultat d'un filtre est vrai ou faux.")
        return value


def compile(source: str, variables: Iterable[str] = ("event",)) -> Expression:
    """Reads an expression that may use `variables`. ExpressionError says what is wrong, in French, and where."""
    variables = tuple(variables)
    reading = limits.read(source)
    program = _compiled(source)
    called = {name for name in program.functions() if not _OPERATOR.fullmatch(name)}
    unknown = called - functions.NATIVE - functions.FULL_NAMES.keys()
    if unknown:
        raise ExpressionError(f"Fonction inconnue : {', '.join(sorted(unknown))}.")
    known = {*variables, *reading.bound, *_TYPE_NAMES, *functions.NAMESPACES}
    read = frozenset(program.variables())
    undefined = read - known
    if undefined:
        raise ExpressionError(
            f"Nom inconnu : {', '.join(sorted(undefined))}. Cette expression connaît : {', '.join(sorted(variables))}."
        )
    if reading.loops:
        program = _compiled(limits.guarded(source, reading))
    needed = frozenset(functions.FULL_NAMES[name] for name in called if name in functions.FULL_NAMES)
    return Expression(source, program, needed, frozenset(variables) & read)


def names(source: str) -> frozenset[str]:
    """The variables a source reads, whatever they are: those its loops name are not among them. ExpressionError."""
    reading = limits.read(source)
    return frozenset(_compiled(source).variables()) - {*reading.bound, *_TYPE_NAMES, *functions.NAMESPACES}


def _compiled(source: str) -> Any:
    try:
        return cel.compile(source)
    except (ValueError, RuntimeError, OverflowError) as error:
        found = _SYNTAX.search(str(error))
        if found is None:
            raise ExpressionError("L'expression ne peut pas être lue.") from None
        line, column, what = int(found[1]), int(found[2]), found[3]
        where = f"colonne {column}" if line == 1 else f"ligne {line}, colonne {column}"
        raise ExpressionError(f"Erreur d'écriture, {where} : {_plain(what)}", column=column) from None


def _plain(what: str) -> str:
    found = re.search(r"(?:extraneous|mismatched) input '(.*?)' expecting|token recognition error at: '(.*)'", what)
    if "<EOF>" in (found[1] or found[2] if found else what):
        return "l'expression s'arrête trop tôt."
    if found:
        return f"« {found[1] or found[2]} » n'est pas attendu ici."
    if "has() macro" in what:
        return "has() attend un nom à points, tel que has(event.data.answers)."
    return "cette forme n'est pas reconnue."


def _explain(error: Exception) -> str:
    text = str(error)
    undefined = _UNDEFINED.search(text)
    if undefined:
        return f"« {undefined[1]} » n'est pas connu, ou ne s'applique pas à cette valeur."
    called = re.match(r"Function '([A-Za-z_.]+)' error", text)
    if called:
        return f"La fonction {called[1]} ne peut pas être appliquée à cette valeur."
    if isinstance(error, TypeError):
        return (
            "Deux valeurs de types différents ne peuvent pas être combinées : "
            "convertir avec int(), double() ou string()."
        )
    return "L'expression ne peut pas être calculée sur ces données."


def _size(values: Mapping[str, Any]) -> int:
    """How many values there are in all, at least 1."""
    count, stack = 1, list(values.values())
    while stack:
        each = stack.pop()
        count += 1
        if isinstance(each, Mapping):
            stack.extend(each.values())
        elif isinstance(each, list | tuple):
            stack.extend(each)
    return count


def _json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {name if isinstance(name, str) else str(name): _json(each) for name, each in value.items()}
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return int(seconds) if seconds.is_integer() else seconds
    if isinstance(value, cel.OptionalValue):
        return _json(value.value()) if value.has_value() else None
    raise ExpressionError("Le résultat n'est ni un texte, ni un nombre, ni une liste, ni un objet.")
