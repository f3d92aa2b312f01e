"""The words of a procedure for one of the messages that a person receives."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.designer.sheet import Sheet, put
from etoile.gru.designer.words import ENGLISH, initial, line, lines
from etoile.gru.notices.tags import unknown_tags


class MessageForm(Sheet):
    verb = "message_changed"
    texts = ("subject", "body")

    subject = line(gettext_lazy("Objet"), hint=gettext_lazy("Sans objet, l’objet habituel est gardé."))
    subject_en = line(gettext_lazy("Objet en anglais"))
    body = lines(
        gettext_lazy("Message"),
        rows=6,
        hint=gettext_lazy("Une ligne vide sépare deux paragraphes. Sans message, le texte habituel est gardé."),
    )
    body_en = lines(gettext_lazy("Message en anglais"), rows=6)

    def __init__(self, source: Mapping[str, Any], template: str, *args: Any, **kwargs: Any) -> None:
        self.messages, self.template = source.get("messages") or {}, template
        super().__init__(*args, initial=initial(self.messages.get(template) or {}, "subject", "body"), **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in (each + end for each in self.texts for end in ("", ENGLISH)):
            for tag in dict.fromkeys(unknown_tags(self.template, cleaned.get(name) or "")):
                words = _("La balise « %(tag)s » n’existe pas pour ce message. Choisissez parmi celles de la liste.")
                self.add_error(name, words % {"tag": tag})
        return cleaned

    def values(self) -> dict[str, Any]:
        own = put({}, {"subject": self.said("subject"), "body": self.said("body")})
        others = {name: words for name, words in self.messages.items() if name != self.template}
        return {"messages": {**others, **({self.template: own} if own else {})}}
