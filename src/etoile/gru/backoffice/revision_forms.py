"""What is wrong with the answers of a request: one list and one sentence a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from etoile.gru.backoffice.forms import AskPerson
from etoile.gru.cases.states import Fault
from etoile.gru.corrections.faults import SENTENCE_LIMIT


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the two controls that ask to correct it."""

    label: str
    answer: str
    fault: BoundField
    sentence: BoundField

    @property
    def is_open(self) -> bool:
        return bool(self.fault.errors or self.sentence.errors or self.fault.value() or self.sentence.value())


class AskCorrections(AskPerson):
    prefix = "corrections"

    indispensable = forms.BooleanField(
        label=_("Sans ces corrections, la demande ne peut pas être instruite"),
        required=False,
        initial=True,
        help_text=_("Seules des informations indispensables suspendent le délai légal de réponse."),
    )

    def __init__(self, *args: Any, questions: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        """`questions`: identifier, label and answer in words of each question that may be corrected."""
        super().__init__(*args, **kwargs)
        self.questions = questions
        for identifier, label, _answer in questions:
            self.fields[f"fault_{identifier}"] = forms.ChoiceField(
                label=_("La réponse « %(label)s » est") % {"label": label},
                choices=[("", _("Rien à corriger")), *Fault.choices],
                required=False,
            )
            self.fields[f"sentence_{identifier}"] = forms.CharField(
                label=_("Ce qui est à corriger"),
                required=False,
                max_length=SENTENCE_LIMIT,
                help_text=_("Une phrase simple, que la personne lira. Exemple : il manque le numéro de la rue."),
            )

    def asked(self) -> Iterator[Asked]:
        for identifier, label, answer in self.questions:
            yield Asked(label, answer, self[f"fault_{identifier}"], self[f"sentence_{identifier}"])

    def wrong(self) -> list[dict[str, str]]:
        """As `corrections.faults` reads it."""
        given = self.cleaned_data
        return [
            {"field": each, "fault": given[f"fault_{each}"], "sentence": given[f"sentence_{each}"]}
            for each, _label, _answer in self.questions
            if given.get(f"fault_{each}")
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for each, label, _answer in self.questions:
            fault, sentence = given.get(f"fault_{each}"), (given.get(f"sentence_{each}") or "").strip()
            if fault and not sentence and f"sentence_{each}" not in self.errors:
                self.add_error(
                    f"sentence_{each}", _("« %(label)s » : écrivez ce qui est à corriger.") % {"label": label}
                )
            if sentence and not fault:
                self.add_error(
                    f"fault_{each}",
                    _("« %(label)s » : dites si la réponse est incomplète, incorrecte ou plus à jour.")
                    % {"label": label},
                )
        return given


class Reason(forms.Form):
    """Why answers are changed; `read` is the mark of the answers that were compared with."""

    prefix = "motif"

    reason = forms.CharField(
        label=_("Pourquoi ces changements ?"),
        max_length=500,
        help_text=_("La personne le lira. Exemple : vous nous avez donné la bonne date au téléphone."),
        error_messages={"required": _("Écrivez pourquoi vous changez ces réponses : la personne le lira.")},
    )
    read = forms.CharField(widget=forms.HiddenInput)
