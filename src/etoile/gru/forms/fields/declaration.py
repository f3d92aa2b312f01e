from django.utils.translation import gettext_lazy

from etoile.gru.forms.fields.consent import Consent


class Declaration(Consent):
    """What is declared on one's honour: ticked before sending."""

    name = "declaration"
    label = gettext_lazy("Déclaration sur l’honneur")


TYPE = Declaration()
