from datetime import date, timedelta

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.hub.console.standings import WAITING
from etoile.hub.delivery.search import Criteria
from etoile.hub.delivery.states import STUCK, DeliveryState

OLDEST_FIRST = "anciens"
# What « en attente » and « à traiter » mean.
GROUPS: dict[str, tuple[str, ...]] = {"waiting": (*WAITING, DeliveryState.HELD), "stuck": STUCK}


class SignIn(AuthenticationForm):
    username = UsernameField(
        label=_("Courriel professionnel"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Écrivez votre courriel professionnel, par exemple prenom.nom@ville.fr.")},
    )
    error_messages = {
        "invalid_login": _("Courriel ou mot de passe inconnu. Vérifiez-les, puis recommencez."),
        "inactive": _("Ce compte est fermé. Demandez à la personne qui gère les comptes."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Écrivez votre mot de passe.")


class Decision(forms.Form):
    """A human's written decision: it goes to the journal with its author."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=500,
        help_text=_("Il reste au journal avec votre nom. Exemple : « L’application a été réparée ce matin. »"),
        error_messages={"required": _("Écrivez le motif de votre décision, par exemple « Application réparée ».")},
    )


class DeliveryFilter(forms.Form):
    """Exact criteria, all optional, that combine. The address of the list carries them, so it can be shared."""

    case = forms.CharField(
        label=_("Demande"), required=False, max_length=120, help_text=_("Référence, sujet ou identifiant")
    )
    application = forms.ChoiceField(label=_("Application"), required=False)
    state = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("Tous")), ("waiting", _("En attente")), ("stuck", _("À traiter")), *DeliveryState.choices],
    )
    type = forms.ChoiceField(label=_("Type de message"), required=False)
    number = forms.CharField(
        label=_("Numéro"), required=False, max_length=200, help_text=_("Celui que l’application a donné, en entier")
    )
    words = forms.CharField(
        label=_("Mots d’une erreur"), required=False, max_length=120, help_text=_("Par exemple : délai dépassé, ou 503")
    )
    since = day(_("Depuis le"))
    until = day(_("Jusqu’au"))
    order = forms.ChoiceField(
        label=_("Ordre"),
        required=False,
        choices=[("", _("Les plus récents d’abord")), (OLDEST_FIRST, _("Les plus anciens d’abord"))],
    )

    MORE = ("type", "number", "words", "since", "until")

    def __init__(self, *args, applications=(), types=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [("", _("Toutes")), *applications]
        self.fields["type"].choices = [("", _("Tous")), *types]

    def clean(self):
        given = super().clean()
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("La fin de la période est avant son début."))
        return given

    def criteria(self) -> Criteria:
        """What is valid of what was given."""
        if self.is_bound:
            self.full_clean()
        given = getattr(self, "cleaned_data", {})
        state, application = given.get("state") or "", given.get("application")
        return Criteria(
            case=(given.get("case") or "").strip(),
            application=int(application) if application else None,
            type=given.get("type") or "",
            states=GROUPS.get(state, (state,) if state else ()),
            number=(given.get("number") or "").strip(),
            words=(given.get("words") or "").strip(),
            since=given.get("since"),
            until=given.get("until"),
        )

    @property
    def has_more(self) -> bool:
        """Whether a criterion of those that are folded is in use."""
        return any(self.data.get(name) for name in self.MORE)


class FigureFilter(forms.Form):
    application = forms.ChoiceField(label=_("Application"), required=False)
    period = forms.ChoiceField(
        label=_("Période"),
        required=False,
        choices=[("", _("30 jours")), ("7", _("7 jours")), ("90", _("90 jours")), ("366", _("un an"))],
    )

    def __init__(self, *args, applications=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [("", _("Toutes")), *applications]

    def asked(self, today: date) -> tuple[int | None, date, date]:
        """The application, the first and the last day; what is not valid counts as not given."""
        if self.is_bound:
            self.full_clean()
        given = getattr(self, "cleaned_data", {})
        application, period = given.get("application"), int(given.get("period") or 30)
        return (int(application) if application else None), today - timedelta(days=period - 1), today


class MessageSearch(forms.Form):
    q = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=120,
        help_text=_("Référence de la demande, sujet ou identifiant"),
    )
