"""A form made from a pydantic model: the settings of any connector, without a line of code for it on this side.

A text, a number, a choice or a yes/no is a field; a part inside a part is a group; a list of parts is rows with one
more, empty; a list of texts is one per line; names and values are one « name: value » per line. What is left empty
takes the default of the model. Nothing needs JavaScript.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from etoile.design.fields import FieldView, Option
from etoile.hub.console.registry_words import SETTINGS

Place = tuple[str | int, ...]
Values = Mapping[str, Any]
Errors = Mapping[Place, str]
# A title or an explanation of the model, in the words of who reads.
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the settings that has parts. `optional`: left empty, it is not there."""

    label: str
    id: str
    optional: bool
    filled: bool
    error: str = ""
    hint: str = ""
    children: tuple["Group | FieldView", ...] = field(default=())

    @property
    def fields(self) -> Iterator[FieldView]:
        """Every field below, in order."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.fields
            else:
                yield child

    @property
    def wrong(self) -> bool:
        return bool(self.error) or any(each.error for each in self.fields)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting is: `shape` text, number, whole, boolean, choice, lines, pairs, part, variants or rows."""

    shape: str
    inner: Any = None
    optional: bool = False


def draw(
    model: type[BaseModel], values: Values, errors: Errors, name: str, at: Place = (), say: Say = str
) -> list[Group | FieldView]:
    """The fields of `model`, with these values. `name` prefixes the names of the controls."""
    return [
        _drawn(key, info, kind_of(info.annotation), values, errors, f"{name}.{key}", (*at, key), say)
        for key, info in model.model_fields.items()
        if not _is_tag(info)
    ]


def read(model: type[BaseModel], post: QueryDict, name: str) -> dict[str, Any]:
    """What was filled in, as the model reads it; what was left empty is absent."""
    found: dict[str, Any] = {}
    for key, info in model.model_fields.items():
        if not _is_tag(info):
            value = _read(info, kind_of(info.annotation), post, f"{name}.{key}")
            if value is not None:
                found[key] = None if value is NOTHING else value
    return found


def kind_of(annotation: Any) -> Kind:
    bare, optional = _bare(annotation)
    origin, inner = get_origin(bare), get_args(bare)
    if origin in (Union, UnionType):
        return Kind("variants", [_bare(each)[0] for each in inner], optional)
    if origin is Literal:
        return Kind("choice", inner, optional)
    if origin in (tuple, list, Sequence):
        item = _bare(inner[0])[0]
        part = isinstance(item, type) and issubclass(item, BaseModel)
        return Kind("rows" if part else "lines", item, optional)
    if origin in (dict, Mapping):
        return Kind("pairs", None, optional)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Kind("part", bare, optional)
    shape = {bool: "boolean", int: "whole", float: "number"}.get(bare, "text")
    return Kind(shape, None, optional)


NOTHING = object()
MORE_ROWS = 1


def _bare(annotation: Any) -> tuple[Any, bool]:
    """The type without its annotations, and whether it may be absent."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
        rest = tuple(each for each in get_args(annotation) if each is not NoneType)
        return _bare(rest[0] if len(rest) == 1 else Union[rest])[0], True  # noqa: UP007 (made at run time)
    return annotation, False


def _is_tag(info: FieldInfo) -> bool:
    """The tag of a variant is chosen by the list of variants, not filled in."""
    bare, _optional = _bare(info.annotation)
    return get_origin(bare) is Literal and len(get_args(bare)) == 1


def tag_of(variant: type[BaseModel]) -> tuple[str, str]:
    """The name and the value of what tells a variant from the others."""
    for key, info in variant.model_fields.items():
        if _is_tag(info):
            return key, str(get_args(_bare(info.annotation)[0])[0])
    return "", variant.__name__


def _label(key: str, info: FieldInfo, say: Say) -> str:
    return say(info.title) if info.title else str(SETTINGS.get(key, key))


def _hint(info: FieldInfo, say: Say) -> str:
    return say(info.description) if info.description else ""


def _identifier(name: str) -> str:
    return "champ-" + name.replace(".", "-").replace("_", "-")


def _drawn(
    key: str, info: FieldInfo, kind: Kind, values: Values, errors: Errors, name: str, at: Place, say: Say
) -> "Group | FieldView":
    value, error = values.get(key, _default(info)), errors.get(at, "")
    if kind.shape in ("part", "variants", "rows"):
        children = tuple(_GROUPS[kind.shape](kind, value, errors, name, at, say))
        optional = kind.optional or not info.is_required()
        said = _label(key, info, say), _hint(info, say)
        return Group(said[0], _identifier(name), optional, bool(value), error, said[1], children)
    return _field(info, kind, value, error, name, _label(key, info, say), _hint(info, say))


def _field(info: FieldInfo, kind: Kind, value: Any, error: str, name: str, label: str, hint: str) -> FieldView:
    view = FieldView(
        name=name,
        id=_identifier(name),
        label=label,
        error=error,
        hint=hint,
        required=info.is_required() and kind.shape != "boolean",
    )
    return _with(view, kind, value)


def _with(view: FieldView, kind: Kind, value: Any) -> FieldView:
    changes: dict[str, Any] = {"value": _shown(kind, value)}
    if kind.shape == "boolean":
        changes |= {"widget": "checkbox", "value": bool(value)}
    elif kind.shape == "choice":
        options = [Option(str(each), str(each), checked=str(each) == str(value)) for each in kind.inner]
        blank = [] if view.required else [Option("", "–", checked=value is None)]
        changes |= {"widget": "select", "options": (*blank, *options)}
    elif kind.shape in ("whole", "number"):
        changes |= {"widget": "number" if kind.shape == "whole" else "decimal", "width": "10"}
    elif kind.shape in ("lines", "pairs"):
        lines = changes["value"].count("\n")
        hint = _("Un par ligne.") if kind.shape == "lines" else _("Un par ligne : nom : valeur.")
        changes |= {"widget": "textarea", "rows": min(max(3, lines + 2), 12), "hint": f"{view.hint} {hint}".strip()}
    return FieldView(**{name: getattr(view, name) for name in view.__slots__} | changes)


def _part(kind: Kind, value: Any, errors: Errors, name: str, at: Place, say: Say) -> list[Group | FieldView]:
    return draw(kind.inner, value if isinstance(value, Mapping) else {}, errors, name, at, say)


def _variants(kind: Kind, value: Any, errors: Errors, name: str, at: Place, say: Say) -> list[Group | FieldView]:
    held = value if isinstance(value, Mapping) else {}
    tags = [tag_of(each) for each in kind.inner]
    chosen = str(held.get(tags[0][0], ""))
    options = tuple(Option(tag, tag, checked=tag == chosen) for _key, tag in tags)
    choice = FieldView(
        name=f"{name}.{tags[0][0]}",
        id=_identifier(f"{name}.{tags[0][0]}"),
        label=_("Manière"),
        widget="select",
        options=(Option("", _("aucune"), checked=not chosen), *options),
        hint=_("Les réglages de la manière choisie s’affichent après « Afficher les réglages »."),
        error=errors.get((*at, tags[0][0]), ""),
    )
    variant = next((each for each in kind.inner if tag_of(each)[1] == chosen), None)
    return [choice, *(draw(variant, held, errors, name, at, say) if variant else [])]


def _rows(kind: Kind, value: Any, errors: Errors, name: str, at: Place, say: Say) -> list[Group | FieldView]:
    held = [each if isinstance(each, Mapping) else {} for each in value or ()]
    rows: list[Group | FieldView] = []
    for index, row in enumerate([*held, *[{}] * MORE_ROWS]):
        label = _("Ligne %(n)s") % {"n": index + 1}
        inner = draw(kind.inner, row, errors, f"{name}.{index}", (*at, index), say)
        rows.append(Group(label, _identifier(f"{name}.{index}"), True, bool(row), children=tuple(_relaxed(inner, row))))
    return rows


def _relaxed(children: list[Group | FieldView], row: Values) -> Iterator[Group | FieldView]:
    """An empty row may stay empty: nothing of it is marked as required."""
    for child in children:
        if isinstance(child, FieldView) and not row:
            yield FieldView(**{name: getattr(child, name) for name in child.__slots__} | {"required": False})
        else:
            yield child


_GROUPS = {"part": _part, "variants": _variants, "rows": _rows}


def _default(info: FieldInfo) -> Any:
    value = info.get_default(call_default_factory=True)
    return None if value is PydanticUndefined else value


def _shown(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind.shape == "lines":
        return "\n".join(str(each) for each in value) if not isinstance(value, str) else value
    if kind.shape == "pairs":
        return (
            "\n".join(f"{name}: {each}" for name, each in value.items()) if isinstance(value, Mapping) else str(value)
        )
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _read(info: FieldInfo, kind: Kind, post: QueryDict, name: str) -> Any:
    if kind.shape == "part":
        inner = read(kind.inner, post, name)
        return inner if not (kind.optional or not info.is_required()) or _filled(kind.inner, post, name) else None
    if kind.shape == "variants":
        return _read_variant(kind, post, name)
    if kind.shape == "rows":
        count = 1 + max((int(part) for part in _indexes(post, name)), default=-1)
        rows = [
            read(kind.inner, post, f"{name}.{index}")
            for index in range(count)
            if _filled(kind.inner, post, f"{name}.{index}")
        ]
        return rows or None
    if kind.shape == "boolean":
        return name in post
    text = post.get(name, "").replace("\r\n", "\n").strip()
    if kind.shape == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()] if text else _nothing(info, kind, post, name)
    if kind.shape == "pairs":
        return _pairs(text) if text else None
    # A comma is how decimals are written here.
    written = text.replace(",", ".") if kind.shape == "number" else text
    return written if text else _nothing(info, kind, post, name)


def _nothing(info: FieldInfo, kind: Kind, post: QueryDict, name: str) -> Any:
    """Empty means absent; but a text that has a default and may be nothing was emptied on purpose."""
    emptied = kind.optional and name in post and _default(info) is not None
    return NOTHING if emptied else None


def _read_variant(kind: Kind, post: QueryDict, name: str) -> Any:
    key = tag_of(kind.inner[0])[0]
    chosen = post.get(f"{name}.{key}", "")
    variant = next((each for each in kind.inner if tag_of(each)[1] == chosen), None)
    if variant is None:
        return {key: chosen} if chosen else None
    return {key: chosen, **read(variant, post, name)}


def _pairs(text: str) -> dict[str, str]:
    """A line without « : » becomes a name without a value, which the model refuses in its own words."""
    pairs = (line.partition(":") for line in text.split("\n") if line.strip())
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def _filled(model: type[BaseModel], post: QueryDict, name: str) -> bool:
    """True if something was written below: a yes/no alone, or a default left as it is, says nothing."""
    for key, info in model.model_fields.items():
        kind, inner = kind_of(info.annotation), f"{name}.{key}"
        if kind.shape == "part" and _filled(kind.inner, post, inner):
            return True
        written = post.get(inner, "").replace("\r\n", "\n").strip()
        if kind.shape not in ("part", "boolean") and written and written != _shown(kind, _default(info)):
            return True
    return False


def _indexes(post: QueryDict, name: str) -> set[str]:
    prefix = f"{name}."
    parts = (key[len(prefix) :].split(".")[0] for key in post if key.startswith(prefix))
    return {part for part in parts if part.isdigit() and len(part) < 4}


def places(model: type[BaseModel], location: Sequence[str | int]) -> Place:
    """The place of an error of pydantic without what is not a setting: the tags of variants."""
    tags = _tags(model)
    return tuple(part for index, part in enumerate(location) if not (index and part in tags))


def _tags(model: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    for info in model.model_fields.values():
        kind = kind_of(info.annotation)
        if kind.shape == "variants":
            found |= {tag_of(each)[1] for each in kind.inner}
    return found
