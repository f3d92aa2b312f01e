"""Asking for someone else: for one's child, one's association. What is declared goes with the request."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Definition

# For whom, by the audience of the procedure.
BY_AUDIENCE: Mapping[str, tuple[str, ...]] = {
    "individuals": ("child", "person"),
    "associations": ("association",),
    "companies": ("company",),
}
FOR: Mapping[str, Any] = {
    "child": gettext_lazy("Mon enfant"),
    "person": gettext_lazy("Une autre personne"),
    "association": gettext_lazy("Mon association"),
    "company": gettext_lazy("Mon entreprise"),
}
CAPACITIES: Mapping[str, Any] = {
    "parent": gettext_lazy("Son parent"),
    "legal_representative": gettext_lazy("Représentant légal : tutelle, présidence, gérance"),
    "mandate": gettext_lazy("J’ai un mandat écrit"),
    "helper": gettext_lazy("J’aide cette personne, avec son accord"),
}


@dataclass(frozen=True, slots=True)
class Mandate:
    """`on_behalf_of` is one of `FOR`, `capacity` one of `CAPACITIES`; `name`, of the person or the organisation."""

    on_behalf_of: str
    name: str
    capacity: str

    def data(self) -> dict[str, str]:
        return asdict(self)


def offered(definition: Definition) -> list[tuple[str, str]]:
    """For whom this procedure may be asked, besides oneself, with the words for it."""
    kinds = [kind for audience in definition.audience for kind in BY_AUDIENCE.get(audience, ())]
    return [(kind, str(FOR[kind])) for kind in kinds]


def said(mandate: Mapping[str, Any]) -> str:
    """A mandate in words, on one line; nothing when there is none. In the language of the request."""
    if not mandate:
        return ""
    return _("%(name)s, %(kind)s. Lien déclaré : %(capacity)s.") % {
        "name": mandate["name"],
        "kind": str(_FOR_SAID.get(mandate["on_behalf_of"], "")),
        "capacity": str(_CAPACITY_SAID.get(mandate["capacity"], "")),
    }


# As somebody else reads them.
_FOR_SAID: Mapping[str, Any] = {
    "child": gettext_lazy("enfant"),
    "person": gettext_lazy("autre personne"),
    "association": gettext_lazy("association"),
    "company": gettext_lazy("entreprise"),
}
_CAPACITY_SAID: Mapping[str, Any] = {
    "parent": gettext_lazy("parent"),
    "legal_representative": gettext_lazy("représentant légal"),
    "mandate": gettext_lazy("mandat écrit"),
    "helper": gettext_lazy("aide avec son accord"),
}
