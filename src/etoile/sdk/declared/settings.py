"""What the settings of such connectors have in common. A connector adds how it asks."""

from typing import Literal

from pydantic import Field

from etoile.sdk.settings import Part

ErrorOutcome = Literal["retry", "fix_data", "fix_configuration", "business_no", "manual", "acknowledged"]


class Success(Part):
    """How to know, from the body of an answer, that the application has recorded. Expressions see `response`, `event`.

    `item` is read by the `return` of the mapping, as the items of a list of changes are.
    """

    when: str = Field(
        title="Condition de réussite", description="Expression ; vraie seulement si la demande est enregistrée."
    )
    external_id: str = Field(title="Numéro donné par l’application", description="Expression qui le trouve.")
    message: str | None = Field(
        default=None, title="Message à montrer à l’agent", description="Expression ; vide pour ne rien montrer."
    )
    item: str | None = Field(
        default=None,
        title="Élément créé, tel que la lecture de l’avancement le lit",
        description="Expression ; son état est alors connu tout de suite.",
    )


class Lookup(Part):
    """Does the application have it already? Expressions see `response` and `event`."""

    found: str = Field(title="Condition : trouvée", description="Expression ; vraie si la demande y est déjà.")
    external_id: str = Field(title="Numéro dans l’application", description="Expression qui le trouve.")
    item: str | None = Field(
        default=None,
        title="Élément trouvé, tel que la lecture de l’avancement le lit",
        description="Expression ; son état est alors connu tout de suite.",
    )
    always: bool = Field(
        default=True,
        title="Chercher aussi avant le premier envoi (sinon aux seuls nouveaux essais)",
        description="À décocher seulement si la recherche est lente et que l’application ne perd jamais de réponse.",
    )


class ErrorRule(Part):
    """One line of the error table; the first that holds wins. Expressions see `response` and `event`."""

    outcome: ErrorOutcome = Field(title="Issue", description="Ce que le hub fera de la demande.")
    message: str = Field(
        title="Message à montrer à l’agent ; commence par « = » pour une expression",
        description="Une phrase qui dit ce qui s’est passé et ce qu’il y a à faire.",
    )
    after: float | None = Field(
        default=None, ge=0, title="Réessayer après (secondes)", description="Pour l’issue « retry »."
    )
    external_id: str | None = Field(
        default=None, title="Numéro, pour l’issue « acknowledged »", description="Expression qui le trouve."
    )
