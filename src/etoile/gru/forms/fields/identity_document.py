from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.file import File


class IdentityDocument(File):
    """A card or a passport: both sides, as pictures or PDF. Settings: those of `file`."""

    name = "identity_document"
    label = gettext_lazy("Pièce d’identité")
    example = "carte-recto.jpg"
    usual = ("jpeg", "png", "heic", "pdf")

    def max_count(self, field: Field) -> int:
        return int(field.settings.get("max_count", 2))


TYPE = IdentityDocument()
