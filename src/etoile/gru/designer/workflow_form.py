"""How requests move: the words of the states, the steps of the agents, what time does. The source stays the YAML."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Role
from etoile.gru.access.rights import RIGHTS
from etoile.gru.designer.desk import Desk
from etoile.gru.designer.durations import DurationField
from etoile.gru.designer.routing_form import teams
from etoile.gru.designer.words import Worded, initial, line, lines
from etoile.gru.forms.editing.source import Node, plain_words
from etoile.gru.forms.workflow import shapes
from etoile.gru.forms.workflow.checks import MOVED, REMINDED
from etoile.gru.notices.tags import unknown_tags

STATES: dict[str, Any] = {
    shapes.SUBMITTED: gettext_lazy("Reçue"),
    shapes.IN_PROGRESS: gettext_lazy("En cours"),
    shapes.ACCEPTED: gettext_lazy("Acceptée"),
    shapes.REFUSED: gettext_lazy("Refusée"),
    shapes.CLOSED: gettext_lazy("Classée sans suite"),
    shapes.WITHDRAWN: gettext_lazy("Retirée par la personne"),
}
WAITS: dict[str, Any] = {
    shapes.DOCUMENTS_ASKED: gettext_lazy("Des pièces sont attendues"),
    shapes.OPINION_ASKED: gettext_lazy("Un avis est attendu"),
    shapes.PAYMENT_DUE: gettext_lazy("Un paiement est attendu"),
    shapes.TRANSFERRED: gettext_lazy("Transmise ailleurs"),
}
TARGETS = (shapes.IN_PROGRESS, *shapes.DECIDING)
ACTIONS: dict[str, Any] = {
    shapes.REMIND: gettext_lazy("Rappeler, à la personne si on l’attend, sinon au service"),
    shapes.ESCALATE: gettext_lazy("Confier à un autre service"),
    shapes.CLOSE: gettext_lazy("Classer sans réponse, si la personne est attendue"),
}
# The words of the moves whose identifier is their verb.
USUAL: dict[str, Any] = {
    "start": gettext_lazy("Prendre en charge"),
    "accept": gettext_lazy("Accepter"),
    "refuse": gettext_lazy("Refuser"),
    "close": gettext_lazy("Classer sans suite"),
    "reopen": gettext_lazy("Rouvrir"),
}
_NOBODY = gettext_lazy("Le service ne change pas")


def usual_moves() -> list[Node]:
    """The moves of whoever writes none, as a source would."""
    return [
        {
            "id": each.id,
            "from": [state for state in shapes.STATES if state in each.origins],
            "to": each.target,
            **({"reason": True} if each.reason else {}),
        }
        for each in shapes.USUAL_MOVES
    ]


class StateForm(Worded):
    texts = ("label", "explanation")
    label = line(gettext_lazy("Nom"), most=80, hint=gettext_lazy("Vide : le nom habituel. Exemple : En commission"))
    label_en = line(gettext_lazy("Nom en anglais"), most=80)
    explanation = lines(
        gettext_lazy("Ce que la personne lit"), most=400, rows=2,
        hint=gettext_lazy("Ce qui se passe, et la suite. Exemple : La commission lit votre demande."),
    )  # fmt: skip
    explanation_en = lines(gettext_lazy("Ce que la personne lit, en anglais"), most=400, rows=2)

    def values(self) -> Node:
        return _filled({name: self.said(name) for name in self.texts})


class WithMessage(Worded):
    """A form with the words told to the person; `template` is the notice that takes them."""

    template = MOVED
    subject = line(gettext_lazy("Objet du courriel"), most=150)
    body = lines(
        gettext_lazy("Message à la personne"), most=4000, rows=4,
        hint=gettext_lazy("Vide : les mots habituels. Balises : {{ reference }}, {{ procedure }}, {{ service }}."),
    )  # fmt: skip
    subject_en = line(gettext_lazy("Objet en anglais"), most=150)
    body_en = lines(gettext_lazy("Message en anglais"), most=4000, rows=4)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("subject", "body", "subject_en", "body_en"):
            for tag in unknown_tags(self.template, cleaned.get(name) or ""):
                words = _("La balise « %(tag)s » n’existe pas pour ce message. Choisissez parmi celles de la liste.")
                self.add_error(name, words % {"tag": tag})
        return cleaned

    def message(self) -> Node:
        return _filled({name: self.said(name) for name in ("subject", "body")})


class MoveForm(WithMessage):
    texts = ("label", "done", "subject", "body")
    label = line(gettext_lazy("Mots du bouton"), most=60, hint=gettext_lazy("Exemple : Passer en commission"))
    origins = forms.MultipleChoiceField(
        label=gettext_lazy("Part de"),
        choices=list(STATES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Dites de quels états cette étape part.")},
    )
    to = forms.ChoiceField(
        label=gettext_lazy("Mène à"),
        choices=[(each, STATES[each]) for each in TARGETS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites à quel état cette étape mène.")},
    )
    who = forms.MultipleChoiceField(
        label=gettext_lazy("Qui peut la faire"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune case : qui peut traiter, ou décider."),
    )
    reason = forms.BooleanField(label=gettext_lazy("Demander un motif"), required=False)
    done = line(
        gettext_lazy("Ce que la personne lit ensuite"), most=120, hint=gettext_lazy("Vide : elle n’en lit rien.")
    )
    waits_for = forms.ChoiceField(
        label=gettext_lazy("Ce que la demande attend alors"),
        required=False,
        choices=[("", gettext_lazy("Rien de particulier"))]
        + [(each, WAITS[each]) for each in (shapes.OPINION_ASKED, shapes.PAYMENT_DUE)],
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Pièces demandées"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team = forms.ChoiceField(label=gettext_lazy("Service qui reprend la demande"), required=False)
    label_en = line(gettext_lazy("Mots du bouton, en anglais"), most=60)
    done_en = line(gettext_lazy("Ce que la personne lit ensuite, en anglais"), most=120)
    field_order = ("label", "origins", "to", "who", "reason", "done", "waits_for", "documents", "team")

    def __init__(self, desk: Desk, node: Node, *args: Any, **kwargs: Any) -> None:
        begun = {
            **initial(node, "label", "done"),
            **initial(node.get("message") or {}, "subject", "body"),
            **{name: node.get(name) for name in ("to", "who", "reason", "waits_for", "documents", "team")},
            "origins": node.get("from"),
        }
        super().__init__(*args, initial=begun, **kwargs)
        self.node = node
        treating = [role for role in Role if RIGHTS[role] & {"cases.treat", "cases.decide"}]
        asked = [(each.id, str(each.label) or each.id) for each in desk.definition.documents]
        _offer(self, "who", [(role.value, role.label) for role in treating])
        _offer(self, "team", [("", _NOBODY), *teams(desk.procedure.authority)])
        _offer(self, "documents", asked)
        if not asked:
            del self.fields["documents"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("label") and self.node.get("id") not in USUAL and "label" not in self.errors:
            self.add_error("label", _("Écrivez les mots du bouton, par exemple : Passer en commission."))
        return cleaned

    def values(self, taken: Iterable[str]) -> Node:
        """The node, its condition kept; a new one takes an identifier made of its words."""
        given = self.cleaned_data
        written = {name: given.get(name) for name in ("who", "reason", "waits_for", "documents", "team")}
        return _filled(
            {
                "id": self.node.get("id") or fresh(given["label"], taken),
                "from": given["origins"],
                "to": given["to"],
                "label": self.said("label"),
                "done": self.said("done"),
                "when": self.node.get("when"),
                "message": self.message(),
                **written,
            }
        )


class TimerForm(WithMessage):
    template = REMINDED
    texts = ("reason", "subject", "body")
    after = DurationField(
        label=gettext_lazy("Au bout de"),
        required=True,
        help_text=gettext_lazy("Le temps passé dans la même situation. Exemple : 15 jours"),
        error_messages={"required": gettext_lazy("Écrivez une durée, par exemple : 15 jours.")},
    )
    do = forms.ChoiceField(
        label=gettext_lazy("Que faire ?"),
        choices=list(ACTIONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites ce qui se passe alors.")},
    )
    waiting = forms.ChoiceField(
        label=gettext_lazy("Pendant que"),
        required=False,
        choices=[("", gettext_lazy("Rien de particulier n’est attendu")), *WAITS.items()],
    )
    origins = forms.MultipleChoiceField(
        label=gettext_lazy("Dans les états"),
        required=False,
        choices=[(each, STATES[each]) for each in shapes.OPEN],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune case : tous."),
    )
    team = forms.ChoiceField(label=gettext_lazy("Service qui reprend la demande"), required=False)
    reason = line(
        gettext_lazy("Motif du classement"),
        most=400,
        hint=gettext_lazy("La personne le lit. Exemple : Pièces non reçues."),
    )
    reason_en = line(gettext_lazy("Motif en anglais"), most=400)
    field_order = ("after", "do", "waiting", "origins", "team", "reason", "reason_en")

    def __init__(self, desk: Desk, node: Node, *args: Any, **kwargs: Any) -> None:
        begun = {
            **initial(node, "reason"),
            **initial(node.get("message") or {}, "subject", "body"),
            **{name: node.get(name) for name in ("after", "do", "waiting", "team")},
            "origins": node.get("from"),
        }
        super().__init__(*args, initial=begun, **kwargs)
        self.node = node
        _offer(self, "team", [("", _NOBODY), *teams(desk.procedure.authority)])

    def values(self, taken: Iterable[str]) -> Node:
        given = self.cleaned_data
        return _filled(
            {
                "id": self.node.get("id") or fresh(given["do"], taken),
                "after": given["after"],
                "from": given["origins"],
                "waiting": given["waiting"],
                "do": given["do"],
                "team": given["team"],
                "reason": self.said("reason"),
                "message": self.message(),
            }
        )


def fresh(words: str, taken: Iterable[str]) -> str:
    """An identifier made of words, that no step nor verb has."""
    base = "_".join(plain_words(words))[:40].strip("_") or "etape"
    base = base if base[0].isalpha() else f"etape_{base}"
    used = {*taken, *shapes.RULED}
    return base if base not in used else next(name for n in range(2, 1000) if (name := f"{base}_{n}") not in used)


def _offer(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _filled(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], {}, False)}
