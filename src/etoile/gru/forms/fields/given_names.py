from typing import Any

from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.name import Name


class GivenNames(Name):
    name = "given_names"
    label = gettext_lazy("Prénoms")
    tokens = ("given-name", "additional-name", "name")
    format = gettext_lazy("prénoms dans l’ordre de l’état civil, séparés par un espace, 200 caractères au plus")
    example = "Angela Claire Louise"
    limit = 200

    def normalise(self, raw: Any, field: Field) -> str | None:
        # The official forms ask for commas, people paste them: both spellings mean the same names.
        return super().normalise(raw.replace(",", " "), field) if isinstance(raw, str) else None


TYPE = GivenNames()
