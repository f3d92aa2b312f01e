"""The types of question, as they are offered to whoever adds one."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.base import FieldType
from etoile.gru.forms.fields.families import FAMILIES

# Asked before sending, on the last page: they have a page of their own.
ELSEWHERE = frozenset({"declaration"})

# Where the form of an answer does not say what the type is for.
SAID: dict[str, str | Promise] = {
    "repeated": gettext_lazy("des questions posées plusieurs fois : une ligne par enfant, par stand"),
    "calculated": gettext_lazy("un résultat montré, fait avec les réponses : un prix, un total"),
    "explanation": gettext_lazy("un texte à lire, sans réponse"),
    "title": gettext_lazy("un titre entre deux questions"),
    "single_choice": gettext_lazy("une réponse parmi celles que vous écrivez"),
    "multiple_choice": gettext_lazy("plusieurs réponses parmi celles que vous écrivez"),
    "yes_no": gettext_lazy("deux réponses"),
    "file": gettext_lazy("un document ou une photographie"),
}
COMMON = (
    "text", "long_text", "single_choice", "multiple_choice", "yes_no", "integer", "date", "file", "repeated",
    "calculated", "explanation",
)  # fmt: skip


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
            families[kind.family].append(Kind(kind.name, str(kind.label), hint_of(kind)))
    everything = {kind.name: kind for kinds in families.values() for kind in kinds}
    common = (_("Les plus courantes"), [everything[name] for name in COMMON if name in everything])
    rest = [
        (str(FAMILIES[family]), [kind for kind in kinds if kind.name not in COMMON])
        for family, kinds in families.items()
    ]
    return [common, *(family for family in rest if family[1])]


def hint_of(kind: FieldType) -> str:
    if kind.name in SAID:
        return str(SAID[kind.name])
    form, example = str(kind.format), str(kind.example)
    return f"{form} ({example})" if form and example else form
