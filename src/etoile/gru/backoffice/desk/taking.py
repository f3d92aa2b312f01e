"""A form in which an agent starts from an answer written once: chosen, it is put among what they typed, tags filled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from etoile.gru.desk import replies
from etoile.gru.desk.models import Reply

BUTTON = "insert"


class WithReplies(forms.Form):
    """`use` is what the answers are for, `into` the field that receives them."""

    use: Reply.Use
    into: str

    # Any text: an answer that a colleague has just removed is no reason to refuse what was written.
    reply = forms.CharField(label=_("Réponse type"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, offered: list[Reply] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [each for each in offered or () if each.use == self.use]
        self.fields["reply"].widget.choices = [  # type: ignore[attr-defined]
            ("", _("Choisissez")),
            *((str(each.pk), each.name) for each in self.offered),
        ]
        self.order_fields(["reply"])

    def taken(self, case: Case, account: Account) -> dict[str, Any]:
        """What is typed, with the chosen answer after it: the initial values of a form that nobody sent yet."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in self.fields if name != "reply"}
        chosen = next((each for each in self.offered if str(each.pk) == self.data.get(self.add_prefix("reply"))), None)
        if chosen is not None:
            before = typed[self.into].rstrip()
            typed[self.into] = "\n\n".join(filter(None, (before, replies.filled(chosen, case, account))))
        return typed
