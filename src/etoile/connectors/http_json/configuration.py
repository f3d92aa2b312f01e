"""The settings of the connector: how to speak to one REST/JSON application, as data.

An *expression* is CEL. In a `path`, `{expression}` is replaced by its value, escaped for an address. In the values of
`headers`, `fields` and of the error table, a text beginning with `=` is an expression. What each sees is said beside.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from etoile.sdk import access, declared
from etoile.sdk.access import Access
from etoile.sdk.progress import Progress
from etoile.sdk.settings import Part

# It begins with a slash: whatever is computed in it, the host stays that of `base_url`.
Path = Annotated[str, Field(pattern=r"^/[^\s]*$")]


class Request(Part):
    """What is sent is the result of the subscription's mapping. Expressions see `event`."""

    method: Literal["POST", "PUT", "PATCH"] = Field(
        default="POST", title="Méthode", description="POST le plus souvent ; celle que dit l’éditeur."
    )
    path: Path = Field(
        title="Chemin, après l’adresse de base",
        description="Comme /demandes ; {expression} y est remplacé par une valeur de la demande.",
    )
    headers: dict[str, str] = Field(
        default_factory=dict,
        title="En-têtes propres à cette requête",
        description="Nom et valeur ; une valeur qui commence par « = » est une expression.",
    )
    idempotency_header: str | None = Field(
        default="Idempotency-Key",
        title="En-tête de la clé d’idempotence",
        description="La même clé à chaque essai : l’application reconnaît ce qu’elle a déjà reçu. Vide : non envoyée.",
    )


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

    path: Path = Field(
        title="Chemin de la recherche par notre référence",
        description="Comme /demandes?reference={event.data.case.reference}.",
    )
    handle: str | None = Field(
        default=None, title="Identifiant à employer dans les adresses", description="Expression qui le trouve."
    )


class Attachments(Part):
    """One request per document. Expressions see `event`, `handle`, `external_id` and `document`."""

    path: Path = Field(
        title="Chemin où envoyer une pièce",
        description="Une requête par pièce ; {expression} y est remplacé, comme /demandes/{handle}/pieces.",
    )
    field: str = Field(
        default="file",
        title="Nom de la partie qui porte le fichier",
        description="Celui que dit l’éditeur, souvent « file » ou « fichier ».",
    )
    fields: dict[str, str] = Field(
        default_factory=dict,
        title="Autres parties du formulaire",
        description="Nom et valeur ; une valeur qui commence par « = » est une expression.",
    )
    existing_path: Path | None = Field(
        default=None,
        title="Chemin qui liste les pièces déjà là",
        description="Pour ne pas renvoyer une pièce déjà reçue ; vide si l’application ne sait pas le dire.",
    )
    existing_names: str | None = Field(
        default=None,
        title="Noms des pièces déjà là (expression sur `response`)",
        description="Une liste de noms de fichiers, trouvée dans la réponse du chemin précédent.",
    )


class Poll(Progress):
    """Asking for what changed. `path` sees `since`."""

    path: Path = Field(
        title="Chemin de la liste", description="{since} y est remplacé par le moment de la lecture précédente."
    )


class Held(Part):
    """Listing what the application holds, to compare both sides. `path` sees `since`; what is listed sees `item`."""

    path: Path = Field(
        title="Chemin de la liste", description="{since} y est remplacé par le moment de la lecture précédente."
    )
    items: str = Field(title="Liste des éléments", description="Expression qui la trouve dans la réponse.")
    position: str = Field(
        title="Date de réception ou de changement, croissante dans la liste",
        description="Expression sur un élément (`item`).",
    )
    more: str = Field(default="false", title="Condition : il reste une page", description="Expression sur la réponse.")
    external_id: str = Field(title="Numéro dans l’application", description="Expression sur un élément (`item`).")
    reference: str | None = Field(
        default=None,
        title="Référence de notre demande, si l’application la garde",
        description="Expression sur un élément ; elle retrouve une demande dont la réponse s’était perdue.",
    )


class Check(Part):
    path: Path = Field(
        title="Chemin d’une lecture sans effet",
        description="Une adresse que l’on peut lire sans rien changer, comme /version.",
    )


class Configuration(Part):
    """What the town sets once per subscription."""

    base_url: str = Field(
        title="Adresse de base de l’application",
        description="Celle que donne l’éditeur, comme https://logiciel.example/api ; les chemins s’y ajoutent.",
        pattern=r"^https?://[^\s]+$",
    )
    timeout: float = Field(
        default=15,
        gt=0,
        le=120,
        title="Délai de réponse (secondes)",
        description="Au-delà, le hub n’attend plus et réessaie plus tard.",
    )
    authentication: Access | None = access.field()
    headers: dict[str, str] = Field(
        default_factory=dict,
        title="En-têtes de toutes les requêtes",
        description="Ceux que demande l’éditeur. Jamais un secret : il se règle dans l’authentification.",
    )
    request: Request = Field(
        title="Requête d’enregistrement",
        description="Celle qui crée la demande dans l’application ; son contenu vient de la correspondance.",
    )
    success: Success = Field(
        title="Réussite, lue dans le corps de la réponse",
        description="À quoi le hub reconnaît que la demande est enregistrée, et sous quel numéro.",
    )
    errors: tuple[ErrorRule, ...] = Field(
        default=(),
        title="Table des erreurs de l’application",
        description="Ce que veulent dire ses refus ; le reste est jugé sur le statut de la réponse.",
    )
    lookup: Lookup | None = Field(
        default=None,
        title="Recherche avant d’enregistrer",
        description="Pour ne jamais créer deux fois la même demande après une réponse perdue.",
    )
    attachments: Attachments | None = Field(
        default=None,
        title="Envoi des pièces",
        description="Vide : les pièces ne sont pas envoyées une à une. Demande aussi la recherche.",
    )
    poll: Poll | None = Field(
        default=None,
        title="Lecture de l’avancement",
        description="Vide : l’application ne dit pas l’avancement, ou le dit autrement.",
    )
    held: Held | None = Field(
        default=None,
        title="Liste de ce que l’application détient",
        description="Pour comparer chaque jour les deux côtés ; vide si l’application ne sait pas lister.",
    )
    check: Check | None = Field(
        default=None,
        title="Requête d’essai, sans effet",
        description="Celle que fait « Vérifier » : elle lit et ne change rien. Vide : rien n’est demandé.",
    )

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
