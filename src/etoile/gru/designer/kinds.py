"""The types of question, as they are offered to whoever adds one."""

from dataclasses import dataclass

from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.base import FieldType

# Asked before sending, on the last page: they have a page of their own.
ELSEWHERE = frozenset({"declaration"})


FAMILIES = {"": ""}


def label_of(kind: FieldType) -> str:
    return str(getattr(kind, "label", "") or kind.name.replace("_", " ").capitalize())


def family_of(kind: FieldType) -> str:
    return str(getattr(kind, "family", ""))


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is the type; `hint` the form and an example of an answer."""

    name: str
    label: str
    hint: str


def offered(*, in_block: bool) -> list[tuple[str, list[Kind]]]:
    """Types by family, in the order of the families; a block is not offered inside a block."""
    families: dict[str, list[Kind]] = {family: [] for family in FAMILIES}
    for kind in TYPES.values():
        if kind.name not in ELSEWHERE and not (in_block and kind.has_fields):
            families.setdefault(family_of(kind), []).append(Kind(kind.name, label_of(kind), hint_of(kind)))
    return [(str(FAMILIES.get(family, family)), kinds) for family, kinds in families.items() if kinds]


def hint_of(kind: FieldType) -> str:
    form, example = str(kind.format), str(kind.example)
    return f"{form} ({example})" if form and example else form
