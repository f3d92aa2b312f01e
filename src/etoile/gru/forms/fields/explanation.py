from django.utils.translation import gettext_lazy

from etoile.gru.forms.fields.title import Title


class Explanation(Title):
    """The label is its title, the hint its text."""

    name = "explanation"
    label = gettext_lazy("Explication")
    widget = "explanation"


TYPE = Explanation()
