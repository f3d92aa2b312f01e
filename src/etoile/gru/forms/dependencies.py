"""Who reads whom in a procedure: what must come before what, and what a change of a field touches.

Questions are met in their order and each sees only what is before it, so a form is evaluated in one pass and page by
page. A reference that looks forward is refused; one that comes back to its start is a circle, told with its path.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from etoile.expressions import ExpressionError
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.rules import Tree


@dataclass(frozen=True, slots=True)
class Use:
    """`owner` reads `field`. `owner` is the identifier of a field or of a section, or the name of a rule; `role` says
    by what: visible_when, required_when, settings, ineligible, routing, workflow or price. `words` name the owner
    in French.
    """

    field: str
    owner: str
    role: str
    words: str


class Dependencies:
    """`uses` in the order of the procedure."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.problems: list[str] = []
        self.uses: tuple[Use, ...] = tuple(self._uses())

    def _uses(self) -> Iterator[Use]:
        for page in self.definition.pages:
            for section in page.sections:
                yield from self._tree(section.visible_when, section.id, "visible_when", f"section « {section.id} »")
                for each in section.fields:
                    yield from self._field(each)
        for refusal in self.definition.ineligible:
            yield from self._tree(refusal.when, refusal.id, "ineligible", f"éligibilité « {refusal.id} »")
        for route in self.definition.routing:
            yield from self._tree(route.when, route.team, "routing", f"orientation vers « {route.team} »")
        for move in self.definition.workflow.moves:
            yield from self._tree(move.when, move.id, "workflow", f"étape « {move.id} »")
        for rule in self.definition.price.rules:
            words = f"tarif « {rule.label.fr} »"
            yield from self._tree(rule.when, rule.label.fr, "price", words)
            if rule.amount_from:
                yield Use(rule.amount_from, rule.label.fr, "price", words)

    def _field(self, each: Field) -> Iterator[Use]:
        words = f"champ « {each.id} »"
        yield from self._tree(each.visible_when, each.id, "visible_when", words)
        yield from self._tree(each.required_when, each.id, "required_when", words)
        kind = TYPES.get(each.type)
        for name in sorted(kind.reads(each)) if kind is not None else ():
            yield Use(name, each.id, "settings", words)
        for child in each.fields:
            yield from self._field(child)

    def _tree(self, tree: Tree | None, owner: str, role: str, words: str) -> Iterator[Use]:
        if tree is None:
            return
        try:
            references = tree.compiled.references
        except ExpressionError as error:
            self.problems.append(f"{words} : condition invalide, {error}")
            return
        yield from (Use(name, owner, role, words) for name in sorted(references))


def misplaced(definition: Definition) -> list[str]:
    """Conditions that cannot be read, references to nothing, to what comes after, and circles. In French."""
    graph, order = Dependencies(definition), _Order(definition)
    problems = list(graph.problems)
    reads = order.inside
    for use in graph.uses:
        reads.setdefault(use.words, []).append(_named(use.field))
    told: set[frozenset[str]] = set()
    for use in graph.uses:
        reason = order.refusal(use)
        # Circles are few and told whole; past some of them, the reason alone says enough.
        path = _path(use.words, _named(use.field), reads) if reason and len(told) < _CIRCLES else []
        if path and frozenset(path) not in told:
            told.add(frozenset(path))
            problems.append(f"{use.words} : tourne en rond ({' → '.join(path)})")
        elif reason and not path:
            problems.append(f"{use.words} : {reason}")
    return problems


class _Order:
    """What each question may see: those before it; in a row, also those before it in the same row."""

    def __init__(self, definition: Definition) -> None:
        self.rank: dict[str, int] = {}
        self.block: dict[str, str] = {}
        self.valued: set[str] = set()
        self.inside: dict[str, list[str]] = {}
        """A question depends on its section, and one of a row on its block."""
        self._owners: dict[str, int] = {}
        for _page, section, each in definition.walk():
            here = f"section « {section.id} »"
            self._owners.setdefault(here, len(self.rank))
            self._place(each, here)
            for child in each.fields:
                self.block[child.id] = each.id
                self._place(child, _named(each.id))

    def _place(self, each: Field, holder: str) -> None:
        self.rank[each.id] = self._owners[_named(each.id)] = len(self.rank)
        self.inside.setdefault(_named(each.id), []).append(holder)
        kind = TYPES.get(each.type)
        if kind is None or kind.valued:
            self.valued.add(each.id)

    def refusal(self, use: Use) -> str:
        """Why this use is not possible, or nothing."""
        if use.field not in self.rank:
            return f"« {use.field} » n'est pas un champ de cette démarche"
        if use.field not in self.valued:
            return f"« {use.field} » se lit et ne se remplit pas : il n'a pas de réponse"
        block = self.block.get(use.field, "")
        if block and block != self.block.get(use.owner, ""):
            return (
                f"« {use.field} » est une question du bloc « {block} », qui a une réponse par ligne :"
                f" parlez de « {block} » (son nombre de lignes), ou faites un calcul"
            )
        if use.field == self.block.get(use.owner, ""):
            return f"« {use.field} » est le bloc de cette question : une ligne ne voit pas les autres"
        if self.rank[use.field] >= self._owners.get(use.words, len(self.rank)):
            return f"parle de « {use.field} », qui n'est pas un champ placé avant"
        return ""


_CIRCLES = 20


def _named(identifier: str) -> str:
    return f"champ « {identifier} »"


def _path(start: str, first: str, reads: dict[str, list[str]]) -> list[str]:
    """The shortest way from `start` through `first` back to `start`; empty when there is none."""
    came: dict[str, str] = {first: start}
    waiting = [first]
    for node in waiting:
        if node == start:
            break
        for following in reads.get(node, ()):
            if following not in came:
                came[following] = node
                waiting.append(following)
    if start not in came and first != start:
        return []
    path, node = [start], start
    while True:
        node = came[node]
        path.append(node)
        if node == start:
            return path[::-1]
