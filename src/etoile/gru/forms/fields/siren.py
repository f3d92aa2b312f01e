from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.fields.siret import Siret
from etoile.gru.people.numbers import is_siren


class Siren(Siret):
    """A company or an association, whatever its establishment."""

    name = "siren"
    label = gettext_lazy("Numéro SIREN")
    format = gettext_lazy("9 chiffres")
    example = "732 829 320"
    groups = (3, 6)
    length = 9

    def valid(self, value: str) -> bool:
        return is_siren(value)

    def refusal(self) -> str:
        return _("ce numéro SIREN n’est pas valable.")


TYPE = Siren()
