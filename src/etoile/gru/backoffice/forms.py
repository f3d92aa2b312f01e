"""What an agent types. Rules of the trade are in `cases.services`; here only what makes a readable refusal."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.audit.services import note
from etoile.gru.backoffice.desk.taking import WithReplies
from etoile.gru.cases.states import DECISIONS, State
from etoile.gru.desk.models import Reply
from etoile.gru.forms.workflow.shapes import Move

DEFAULT_DELAY = timedelta(days=30)
ITEMS = 4


class SignIn(AuthenticationForm):
    username = UsernameField(
        label=_("Courriel professionnel"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Écrivez votre courriel professionnel, par exemple prenom.nom@ville.fr.")},
    )
    error_messages = {
        "invalid_login": _("Courriel ou mot de passe inconnu. Vérifiez-les, puis recommencez."),
        "inactive": _("Ce compte est fermé. Demandez à la personne qui gère les comptes."),
        "elsewhere": _("Ce compte est celui d’une autre collectivité. Connectez-vous à l’adresse de la vôtre."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Écrivez votre mot de passe.")

    def confirm_login_allowed(self, user: Any) -> None:
        """Asked once the password is right: whoever does not know it learns nothing of where the account is."""
        super().confirm_login_allowed(user)
        here = getattr(self.request, "authority", None)
        if here is not None and user.authority_id != here.pk:
            note("agent.elsewhere", authority=here.pk, by=user, subject=user.email)
            raise ValidationError(self.error_messages["elsewhere"], code="elsewhere")


class Version(forms.Form):
    """The version the agent read: an action on an older one is refused (two agents on one case)."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AskPerson(Version):
    """Something that the person gives in their own time, until a day."""

    deadline = day(
        _("Date limite de réponse"),
        hint=_("La personne pourra répondre en ligne jusqu’à cette date. Exemple : 15/01/2027."),
        required=_("Choisissez la date limite de réponse, par exemple 15/01/2027."),
        invalid=_("La date limite n’est pas une date. Exemple : 15/01/2027."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = timezone.localdate() + DEFAULT_DELAY


class AskDocuments(AskPerson):
    prefix = "pieces"

    indispensable = forms.BooleanField(
        label=_("Sans ces pièces, la demande ne peut pas être instruite"),
        required=False,
        initial=True,
        help_text=_("Seules des pièces indispensables suspendent le délai légal de réponse."),
    )
    comment = forms.CharField(
        label=_("Précision à la personne"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une phrase simple, par exemple « La copie reçue est illisible. »"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, ITEMS + 1):
            self.fields[f"item_{number}"] = forms.CharField(
                label=_("Pièce %(number)s") % {"number": number},
                required=number == 1,
                max_length=200,
                help_text=_("Exemple : copie de la pièce d’identité.") if number == 1 else "",
                error_messages={
                    "required": _("Écrivez le nom de la première pièce, par exemple « pièce d’identité ».")
                },
            )
        self.order_fields(
            [*[f"item_{number}" for number in range(1, ITEMS + 1)], "indispensable", "deadline", "comment", "version"]
        )

    @staticmethod
    def begun(names: Sequence[str]) -> dict[str, str]:
        """What to begin with, when it is known what is missing."""
        return {f"item_{number}": name[:200] for number, name in enumerate(names[:ITEMS], 1)}

    def items(self) -> list[dict[str, Any]]:
        """The documents named. One that is not indispensable does not stop the clock (CRPA L114-5-1)."""
        names = [self.cleaned_data.get(f"item_{number}", "").strip() for number in range(1, ITEMS + 1)]
        needed = self.cleaned_data["indispensable"]
        return [{"name": name, "indispensable": needed} for name in names if name]


class Write(WithReplies):
    prefix = "message"
    use, into = Reply.Use.MESSAGE, "body"

    body = forms.CharField(
        label=_("Votre message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("La personne reçoit un courriel qui l’invite à le lire. Il reste dans la demande."),
        error_messages={"required": _("Écrivez votre message avant de l’envoyer.")},
    )


class Decide(WithReplies, Version):
    prefix = "decision"
    use, into = Reply.Use.REASONS, "reasons"

    outcome = forms.ChoiceField(
        label=_("Décision"),
        widget=forms.RadioSelect,
        choices=[
            (State.ACCEPTED.value, _("Accepter la demande")),
            (State.REFUSED.value, _("Refuser la demande")),
            (State.CLOSED.value, _("Classer sans suite")),
        ],
        error_messages={"required": _("Choisissez une décision : accepter, refuser ou classer sans suite.")},
    )
    reasons = forms.CharField(
        label=_("Motifs"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("En droit et en fait, obligatoires pour un refus ou un classement. La personne les lira."),
    )

    def __init__(self, *args: Any, moves: Sequence[Move] = (), **kwargs: Any) -> None:
        """`moves`: the decisions that the procedure gives this agent now; each is a choice, in its own words."""
        super().__init__(*args, **kwargs)
        usual = dict(self.fields["outcome"].choices)  # type: ignore[attr-defined]
        self.moves = {each.target if each.is_usual else each.id: each for each in moves}
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (value, str(each.label) or usual[each.target]) for value, each in self.moves.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["move"] = move = self.moves.get(given.get("outcome", ""))
        wanted = move is not None and (move.reason or move.target in DECISIONS - {State.ACCEPTED})
        if wanted and not given.get("reasons", "").strip():
            self.add_error(
                "reasons", _("Écrivez les motifs, en droit et en fait : la loi oblige à motiver cette décision.")
            )
        return given


class Step(Version):
    prefix = "etape"

    reason = forms.CharField(
        label=_("Motif"),
        max_length=500,
        help_text=_("Une phrase simple. Elle est gardée dans l’historique."),
        error_messages={"required": _("Écrivez le motif de cette étape.")},
    )


class HandOver(Version):
    prefix = "transmission"
    OUTSIDE = "ailleurs"

    to = forms.ChoiceField(
        label=_("À qui transmettre la demande ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un service, ou une autre administration.")},
    )
    outside = forms.CharField(
        label=_("Nom de l’autre administration"),
        required=False,
        max_length=200,
        help_text=_("Par exemple : Département, direction des routes. La personne le lira."),
    )
    competent_on = day(_("Reçue par elle le"), hint=_("Vide : aujourd’hui. L’accord par silence se compte de ce jour."))
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=500,
        help_text=_("Une phrase simple. La personne la lira."),
        error_messages={"required": _("Écrivez pourquoi la demande change de mains : la personne le lira.")},
    )

    def __init__(self, *args: Any, teams: Callable[[], Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read when they are drawn or checked: the form is often made and not shown.
        choices = self.fields["to"]
        choices.choices = lambda: [*teams(), (self.OUTSIDE, _("Une autre administration"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("to") == self.OUTSIDE and not given.get("outside", "").strip():
            self.add_error("outside", _("Écrivez le nom de l’administration qui reçoit la demande."))
        return given


class Reopen(Version):
    prefix = "reprise"

    reason = forms.CharField(
        label=_("Motif"),
        max_length=500,
        error_messages={"required": _("Écrivez pourquoi la demande est rouverte.")},
    )


class Decision(forms.Form):
    """Why a person gives up an event, or sets one aside."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=200,
        help_text=_("Obligatoire pour abandonner ou écarter. Il est gardé avec votre nom."),
        error_messages={"required": _("Écrivez le motif de votre décision, par exemple « Doublon d’un essai ».")},
    )
