"""The settings of the connector: how one question becomes a request, and how its answer is read.

An *expression* is CEL and sees `query`, the question; where an answer is read it sees `response` too (`status`,
`headers`, `body`). In `path`, `{expression}` is replaced by its value, escaped for an address. In the values of
`parameters` and `headers`, a text beginning with `=` is an expression; so it is in the tree of `body`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from etoile.sdk import access
from etoile.sdk.access import Access
from etoile.sdk.settings import Part

# It begins with a slash: whatever is computed in it, the host stays that of `base_url`.
Path = Annotated[str, Field(pattern=r"^/[^\s]*$")]
Expression = Annotated[str, Field(min_length=1, max_length=4000)]


class Request(Part):
    method: Literal["GET", "POST"] = Field(
        default="GET", title="Méthode", description="GET pour lire ; POST si l’éditeur veut la question dans le corps."
    )
    path: Path = Field(
        title="Chemin, après l’adresse de base",
        description="Comme /foyers/{query.numero} ; {expression} y est remplacé par une valeur de la question.",
    )
    parameters: dict[str, str] = Field(
        default_factory=dict,
        title="Paramètres de l’adresse",
        description="Une valeur calculée comme nulle n’est pas envoyée ; une liste l’est autant de fois qu’il faut.",
    )
    headers: dict[str, str] = Field(
        default_factory=dict,
        title="En-têtes",
        description="Ceux que demande l’éditeur ; une valeur qui commence par « = » est une expression.",
    )
    body: dict[str, Any] | None = Field(
        default=None,
        title="Corps JSON (POST seulement)",
        description="Ce qui est envoyé ; un texte qui commence par « = » est une expression.",
    )

    @model_validator(mode="after")
    def body_goes_with_post(self) -> Self:
        if self.body is not None and self.method == "GET":
            raise ValueError("un corps demande la méthode POST")
        return self


class Refusal(Part):
    """One line of the table of refusals; the first that holds wins."""

    when: Expression = Field(
        title="Condition", description="Expression sur `response` et `query` ; la première ligne vraie l’emporte."
    )
    message: str = Field(
        title="Message à montrer ; commence par « = » pour une expression",
        description="Une phrase que la personne comprend, et ce qu’elle peut faire.",
        max_length=1000,
    )


class Check(Part):
    path: Path = Field(
        title="Chemin d’une lecture sans effet",
        description="Une adresse que l’on peut lire sans rien changer, comme /version.",
    )


class Configuration(Part):
    """What the town sets once per provider."""

    base_url: str = Field(
        title="Adresse de base de l’application",
        description="Celle que donne l’éditeur, comme https://logiciel.example/api ; les chemins s’y ajoutent.",
        pattern=r"^https?://[^\s]+$",
    )
    timeout: float = Field(
        default=5,
        gt=0,
        le=30,
        title="Délai de réponse (secondes)",
        description="Au-delà, le fournisseur suivant est interrogé, ou un justificatif est demandé.",
    )
    authentication: Access | None = access.field()
    request: Request = Field(
        title="La question", description="Comment ce qui est demandé au hub devient une requête à l’application."
    )
    found: Expression = Field(
        default="response.status == 200",
        title="Condition : il y a une réponse",
        description="Expression sur `response` et `query`.",
    )
    absent: Expression = Field(
        default="false",
        title="Condition : rien n’a été trouvé",
        description="À reconnaître au contenu, pas au seul statut 404 : une adresse mal écrite répond 404 aussi.",
    )
    refused: tuple[Refusal, ...] = Field(
        default=(),
        title="Table des refus de l’application",
        description="Ce que l’application refuse de dire, et les mots à montrer.",
    )
    cut: Expression = Field(
        default="false",
        title="Condition : la réponse n’est qu’une page, la question est trop large",
        description="Expression ; la personne est alors priée de préciser sa question.",
    )
    answer: Expression = Field(
        default="response.body",
        title="Ce qui est donné en réponse",
        description="Expression ; la correspondance du fournisseur la met ensuite à la forme promise.",
    )
    check: Check | None = Field(
        default=None,
        title="Requête d’essai, sans effet",
        description="Celle que fait « Vérifier » : elle ne pose aucune question. Vide : rien n’est demandé.",
    )

    @field_validator("base_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")
