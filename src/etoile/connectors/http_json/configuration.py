"""The settings of the connector: how to speak to one REST/JSON application, as data.

An *expression* is CEL. In a `path`, `{expression}` is replaced by its value, escaped for an address. In the values of
`headers`, `fields` and of the error table, a text beginning with `=` is an expression. What each sees is said beside.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from etoile.sdk import access, declared
from etoile.sdk.access import Access
from etoile.sdk.declared import Part
from etoile.sdk.progress import Progress

# It begins with a slash: whatever is computed in it, the host stays that of `base_url`.
Path = Annotated[str, Field(pattern=r"^/[^\s]*$")]


class Request(Part):
    """What is sent is the result of the subscription's mapping. Expressions see `event`."""

    method: Literal["POST", "PUT", "PATCH"] = Field(default="POST", title="Méthode")
    path: Path = Field(title="Chemin, après l’adresse de base")
    headers: dict[str, str] = Field(default_factory=dict, title="En-têtes propres à cette requête")
    idempotency_header: str | None = Field(default="Idempotency-Key", title="En-tête de la clé d’idempotence")


class Success(declared.Success):
    when: str = Field(
        default="true", title="Condition de réussite", description="Expression ; vraie si la demande est enregistrée."
    )
    handle: str | None = Field(
        default=None,
        title="Identifiant à employer dans les adresses (sinon le numéro)",
        description="Expression qui le trouve.",
    )


class ErrorRule(declared.ErrorRule):
    when: str = Field(title="Condition", description="Expression sur `response` et `event`.")


class Lookup(declared.Lookup):
    """`path` sees `event`."""

    path: Path = Field(title="Chemin de la recherche par notre référence")
    handle: str | None = Field(
        default=None, title="Identifiant à employer dans les adresses", description="Expression qui le trouve."
    )


class Attachments(Part):
    """One request per document. Expressions see `event`, `handle`, `external_id` and `document`."""

    path: Path = Field(title="Chemin où envoyer une pièce")
    field: str = Field(default="file", title="Nom de la partie qui porte le fichier")
    fields: dict[str, str] = Field(default_factory=dict, title="Autres parties du formulaire")
    existing_path: Path | None = Field(default=None, title="Chemin qui liste les pièces déjà là")
    existing_names: str | None = Field(default=None, title="Noms des pièces déjà là (expression sur `response`)")


class Poll(Progress):
    """Asking for what changed. `path` sees `since`."""

    path: Path = Field(title="Chemin de la liste")


class Held(Part):
    """Listing what the application holds, to compare both sides. `path` sees `since`; what is listed sees `item`."""

    path: Path = Field(title="Chemin de la liste")
    items: str = Field(title="Liste des éléments")
    position: str = Field(title="Date de réception ou de changement, croissante dans la liste")
    more: str = Field(default="false", title="Condition : il reste une page")
    external_id: str = Field(title="Numéro dans l’application")
    reference: str | None = Field(default=None, title="Référence de notre demande, si l’application la garde")


class Check(Part):
    path: Path = Field(title="Chemin d’une lecture sans effet")


class Configuration(Part):
    """What the town sets once per subscription."""

    base_url: str = Field(title="Adresse de base de l’application", pattern=r"^https?://[^\s]+$")
    timeout: float = Field(default=15, gt=0, le=120, title="Délai de réponse (secondes)")
    authentication: Access | None = access.field()
    headers: dict[str, str] = Field(default_factory=dict, title="En-têtes de toutes les requêtes")
    request: Request = Field(title="Requête d’enregistrement")
    success: Success = Field(title="Réussite, lue dans le corps de la réponse")
    errors: tuple[ErrorRule, ...] = Field(default=(), title="Table des erreurs de l’application")
    lookup: Lookup | None = Field(default=None, title="Recherche avant d’enregistrer")
    attachments: Attachments | None = Field(default=None, title="Envoi des pièces")
    poll: Poll | None = Field(default=None, title="Lecture de l’avancement")
    held: Held | None = Field(default=None, title="Liste de ce que l’application détient")
    check: Check | None = Field(default=None, title="Requête d’essai, sans effet")

    @field_validator("base_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def attachments_need_a_lookup(self) -> Self:
        # A document that fails after the request was recorded is tried again: without a lookup that records it twice.
        if self.attachments is not None and self.lookup is None:
            raise ValueError("« attachments » demande aussi « lookup » : sans lui, un nouvel essai créerait un doublon")
        return self
