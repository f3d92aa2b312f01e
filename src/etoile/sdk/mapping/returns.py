"""The way back: what an application answers or shows, read as what the contract says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from etoile.contract.problem import Violation, escape
from etoile.sdk.mapping import nodes, operators, shapes
from etoile.sdk.mapping.codes import text
from etoile.sdk.mapping.errors import MappingError
from etoile.sdk.mapping.reading import Reader, Scope
from etoile.sdk.outcome import MAX_CODE, MAX_LABEL, MAX_MESSAGE, MAX_NUMBER, STATUSES, Returned

LENGTHS = {"number": MAX_NUMBER, "code": MAX_CODE, "label": MAX_LABEL, "message": MAX_MESSAGE}
TEXTS = tuple(LENGTHS)
VALUES = (*TEXTS, "at", "sequence")
REST = "*"
SCOPE: Scope = {"answer": None}


@dataclass(frozen=True, slots=True)
class ReturnedDocument:
    """A document that the application gives back: `url` where to fetch it, or `content` in base64."""

    name: str
    media_type: str | None = None
    url: str | None = None
    content: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """`known` False: the status table has no line for this state, told as `in_progress` in the application's words."""

    returned: Returned
    documents: tuple[ReturnedDocument, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """The compiled `return` of a mapping. Its expressions see `answer`."""

    _node: nodes.Node
    statuses: Mapping[str, str]

    def read(self, answer: Any, now: datetime | None = None) -> Answered:
        """What `answer` (JSON, or XML read as objects) says. `now`: the moment, when the application does not tell it.

        MappingError when it cannot be read; the words never repeat what the application wrote.
        """
        run = nodes.Run({"answer": answer})
        found = self._node.run(run, "/return")
        faults = [Violation(each.pointer, each.failure) for each in run.leaves if each.failure]
        values = found if isinstance(found, dict) else {}
        texts = {name: _text(values, name, faults) for name in TEXTS}
        moment = _moment(values.get("at"), faults) or now or datetime.now(UTC)
        documents = _documents(values.get("documents"), faults)
        sequence = values.get("sequence")
        if sequence is not None and (isinstance(sequence, bool) or not isinstance(sequence, int)):
            faults.append(Violation("/return/sequence", "Il faut un nombre entier."))
        if not texts["code"] and not texts["label"]:
            faults.append(Violation("/return/code", "La réponse n'a ni code ni libellé d'état."))
        if faults:
            raise MappingError(faults)
        status = self.status(texts["code"], texts["label"])
        returned = Returned(
            status or "in_progress",
            moment,
            business_code=texts["code"],
            business_label=texts["label"],
            message=texts["message"],
            external_id=texts["number"],
            sequence=sequence,
        )
        return Answered(returned, documents, status is not None)

    def status(self, code: str | None, label: str | None = None) -> str | None:
        """The status of the contract for a code, else for a label, else that of `*`; None when no line says it."""
        table = self.statuses
        return table.get(code or "") or table.get(label or "") or table.get(REST)

    def leaves(self, answer: Any) -> list[nodes.Leaf]:
        """Each leaf with what it gives on `answer`, for a screen. Never raises."""
        run = nodes.Run({"answer": answer})
        self._node.run(run, "/return")
        return run.leaves


def compile(reader: Reader, tree: Any) -> Return | None:
    """The section `return` of a file; what is wrong goes into the reader's faults."""
    if not isinstance(tree, Mapping):
        reader.fault("/return", "Il faut des noms et leurs valeurs : number, code, statuses…")
        return None
    known = (*VALUES, "documents", "statuses")
    children: dict[str, nodes.Node] = {}
    for name, each in tree.items():
        place = f"/return/{escape(str(name))}"
        if name in VALUES:
            # What the application leaves out is left out: only the state is required.
            children[name] = operators.computed(reader, each, place, SCOPE)[0]
        elif name == "documents":
            children[name] = reader.node(each, place, SCOPE)
        elif name != "statuses":
            near = shapes.nearest(str(name), known)
            reader.fault(place, f"Ce nom n'est pas connu ici : {f'« {near} » ?' if near else ', '.join(known) + '.'}")
    if "code" not in children and "label" not in children:
        reader.fault("/return", "Il manque « code » ou « label » : d'où vient l'état ?")
    return Return(nodes.Group(children), _statuses(reader, tree.get("statuses")))


def _statuses(reader: Reader, table: Any) -> dict[str, str]:
    if not isinstance(table, Mapping) or not table:
        reader.fault("/return/statuses", "Il faut la table des états : celui de l'application, puis celui du contrat.")
        return {}
    found = {text(name): each for name, each in table.items()}
    for name, status in found.items():
        if status not in STATUSES:
            near = shapes.nearest(str(status), STATUSES)
            words = f"« {near} » ?" if near else f"il y a : {', '.join(sorted(STATUSES))}."
            reader.fault(f"/return/statuses/{escape(name)}", f"Le contrat n'a pas d'état « {status} » : {words}")
    if REST not in found:
        reader.remark("/return/statuses", "Un état absent de la table sera dit « in_progress » ; « * » en décide.")
    return {name: str(each) for name, each in found.items()}


def _text(values: Mapping[str, Any], name: str, faults: list[Violation]) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, dict | list):
        faults.append(Violation(f"/return/{name}", "Il faut un texte ou un nombre."))
        return None
    return text(value).strip()[: LENGTHS[name]] or None


def _moment(value: Any, faults: list[Violation]) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        faults.append(Violation("/return/at", "Ce n'est pas un moment (2026-09-01T08:30:00Z) : employer $date."))
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _documents(value: Any, faults: list[Violation]) -> tuple[ReturnedDocument, ...]:
    found = []
    for index, each in enumerate(value if isinstance(value, list) else [] if value is None else [value]):
        texts = {name: item for name, item in each.items() if isinstance(item, str)} if isinstance(each, dict) else {}
        named = texts.get("name") and (texts.get("url") or texts.get("content"))
        if not named or texts.keys() - ReturnedDocument.__slots__:
            words = "Une pièce rendue a un nom (name), et une adresse (url) ou un contenu en base64 (content)."
            faults.append(Violation(f"/return/documents/{index}", words))
        else:
            found.append(ReturnedDocument(**texts))
    return tuple(found)
