"""Answers that come through the hub: asked by the server, shown to the person, never accepted from outside.

States: `idle` (not asked: an answer it needs is missing) → `fetched` | `unavailable`. `fetching` is only ever seen on
the screen, while a page waits: kept, it would lie as soon as a process is killed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import spelled
from etoile.expressions import ExpressionError
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text
from etoile.gru.forms.formulas import formula
from etoile.gru.forms.texts import Text

IDLE, FETCHED, UNAVAILABLE = "idle", "fetched", "unavailable"


class Held(dict[str, Any]):
    """What the server holds of a lookup: `{state, data, at}`, and for itself `asked`, `message`, `instead`,
    `offered`."""

    @property
    def state(self) -> str:
        return str(self.get("state", IDLE))


class Lookup(FieldType):
    """`{state, data, at}`; a condition compares the state.

    Settings: `lookup` and `purpose` (names at the hub), `inputs` (parameter → field placed before, or `=` CEL), `shows`
    (`{path, label, suffix}`), `mandatory`, `choose` (`{from, key, label}`: one item of a list becomes the data).
    """

    name = "lookup"
    label = gettext_lazy("Information demandée par le hub")
    family = "source"
    widget = "lookup"
    format = gettext_lazy("information demandée pour vous")
    settings = {"lookup": str, "purpose": str, "inputs": dict, "shows": list, "mandatory": bool, "choose": dict}
    sent: tuple[str, ...] = ("state", "data", "at")

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, Held) and raw.state != IDLE:
            return raw
        return Held(state=IDLE) if self.mandatory(field) else None

    def held(self, kept: Any, posted: Any, field: Field) -> Held | None:
        """What the server held, and the choice just made among what was offered."""
        if not isinstance(kept, Mapping) or kept.get("state") in (None, IDLE):
            return None
        held, key, choose = Held(kept), cleaned_text(posted), field.settings.get("choose")
        if choose and key:
            chosen = next((each for each in held.get("offered", ()) if str(each.get(choose["key"])) == key), None)
            if chosen is not None:
                held["data"] = chosen
        return held

    def mandatory(self, field: Field) -> bool:
        return field.settings.get("mandatory") is True

    def check(self, value: Any, field: Field) -> str | None:
        if not self.mandatory(field):
            return None
        if value.state == IDLE:
            return self.missing(field)
        if value.state == UNAVAILABLE:
            return _(
                "« %(label)s » : cette information est indispensable et n’a pas pu être obtenue. Vos réponses sont"
                " gardées : réessayez dans quelques minutes, ou faites votre demande au guichet."
            ) % {"label": field.label}
        if value.get("data") is None:
            return _("« %(label)s » : choisissez une réponse parmi celles qui sont proposées.") % {"label": field.label}
        return None

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : répondez d’abord aux questions dont cette information dépend.") % {
            "label": field.label
        }

    def shown(self, value: Any, field: Field) -> Iterator[tuple[str, str]]:
        """What was obtained, in words: (label, value). Nothing but what the procedure shows."""
        data = value.get("data") if isinstance(value, Mapping) else None
        for each in field.settings.get("shows", ()):
            told = {"path": each} if isinstance(each, str) else each
            found = at_path(data, str(told.get("path", "")))
            if found not in (None, "", [], {}):
                suffix = f" {Text.of(told['suffix'])}" if told.get("suffix") else ""
                yield str(Text.of(told.get("label") or str(told.get("path")))), f"{_words(found)}{suffix}"

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, Mapping):
            return ""
        if value.get("state") == UNAVAILABLE:
            return _("Information non obtenue")
        return "\n".join(_("%(label)s : %(value)s") % {"label": label, "value": said} for label, said in
                         self.shown(value, field))  # fmt: skip

    def submitted(self, value: Any, field: Field) -> Any:
        """What the request keeps: not what was offered, nor what the server knows of its own question."""
        return {name: value[name] for name in self.sent if value.get(name) is not None}

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "state": {"enum": [IDLE, FETCHED, UNAVAILABLE]},
                "data": {"type": "object"},
                "at": {"type": "string", "format": "date-time"},
            },
            "required": ["state"],
            "additionalProperties": False,
        }

    def accepted(self, field: Field) -> dict[str, Any] | None:
        """The key of the item chosen, where there is a choice; the server asks the rest."""
        return {"type": "string"} if field.settings.get("choose") else None

    def reads(self, field: Field) -> frozenset[str]:
        inputs = field.settings.get("inputs", {})
        sources = [each for each in inputs.values() if isinstance(each, str)] if isinstance(inputs, Mapping) else []
        try:
            return frozenset().union(*(_reads(each) for each in sources))
        except ExpressionError:
            return frozenset()

    def unfinished(self, field: Field) -> list[str]:
        wanted = {
            "lookup": "le nom de la consultation au hub",
            "purpose": "le nom de sa finalité au hub",
            "inputs": "de quels champs vient la question",
        }
        return [
            f"il manque {words} (settings.{name})" for name, words in wanted.items() if not field.settings.get(name)
        ]

    def inconsistencies(self, field: Field) -> list[str]:
        found: list[str] = []
        inputs = field.settings.get("inputs", {})
        if not all(isinstance(name, str) and isinstance(source, str) for name, source in inputs.items()):
            found.append("« inputs » dit de quel champ vient chaque paramètre : {paramètre: champ}")
        else:
            found += _unreadable(inputs)
        choose = field.settings.get("choose")
        if choose is not None and not all(isinstance(choose.get(name), str) for name in ("from", "key", "label")):
            found.append("« choose » s'écrit {from: liste, key: clé, label: libellé}")
        if not all(isinstance(each, str) or (isinstance(each, dict) and each.get("path")) for each in
                   field.settings.get("shows", ())):  # fmt: skip
            found.append("« shows » est une liste de {path, label}")
        if field.required or field.required_when:
            found.append(
                "une consultation ne se rend pas obligatoire par « required » mais par le réglage « mandatory »"
            )
        return found


def at_path(data: Any, path: str) -> Any:
    """`a.b.0` in objects and lists; None where there is nothing."""
    for name in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(name)
        elif isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        else:
            return None
    return data


def _reads(source: str) -> frozenset[str]:
    """The fields an input comes from: one, or those of its formula."""
    return formula(source[1:]).reads if source.startswith("=") else frozenset({source})


def _unreadable(inputs: Mapping[str, str]) -> Iterator[str]:
    for name, source in inputs.items():
        try:
            _reads(source)
        except ExpressionError as error:
            yield f"paramètre « {name} » : {error}"


def moment(value: Any) -> str:
    """When the provider said it, as people say it; empty when it did not."""
    at = parse_datetime(str(value.get("at") or "")) if isinstance(value, Mapping) else None
    return spelled(at) if at else ""


def _words(found: Any) -> str:
    if isinstance(found, bool):
        return _("Oui") if found else _("Non")
    if isinstance(found, list):
        return ", ".join(_words(each) for each in found)
    return str(found)


TYPE = Lookup()
