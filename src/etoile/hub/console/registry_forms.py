"""Forms of the registry: applications, their contract and their access, operators."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.console.words import kind
from etoile.hub.registry.models import SLUG, Answerable, Application, Authority, Environment, Role
from etoile.hub.registry.scopes import OPERATION, SCOPES
from etoile.hub.registry.star import ApplicationPart, InterfacePart, SecretReference, StarProblem

DOCUMENTS = RegexValidator(
    r"^https?://[^/?#@\s]+/[^?#\s]*$",
    gettext_lazy("Une adresse complète qui finit par un chemin, par exemple https://demarches.ville.fr/documents/."),
)
REFERENCE = RegexValidator(
    r"^[a-z][a-z0-9_]*$", gettext_lazy("Des minuscules, des chiffres et des traits bas, par exemple gru_secret.")
)


class Reasoned(forms.Form):
    """A change is written with its reason, and is not made blindly over another one."""

    reason = forms.CharField(
        label=gettext_lazy("Motif du changement"),
        max_length=500,
        help_text=gettext_lazy("Il reste dans l’historique avec votre nom."),
        error_messages={"required": gettext_lazy("Écrivez pourquoi vous faites ce changement.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ApplicationForm(Reasoned):
    slug = forms.CharField(
        label=gettext_lazy("Nom court"),
        max_length=60,
        validators=[SLUG],
        help_text=gettext_lazy("Des minuscules, des chiffres et des tirets. Il ne changera plus."),
    )
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200)
    vendor = forms.CharField(label=gettext_lazy("Éditeur"), max_length=200, required=False)
    domain = forms.CharField(label=gettext_lazy("Domaine"), max_length=120, required=False)
    sector = forms.CharField(
        label=gettext_lazy("Secteur"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Enfance, urbanisme, social… : deux secteurs ne partagent aucun identifiant."),
    )
    environment = forms.ChoiceField(label=gettext_lazy("Environnement"), choices=Environment.choices)
    owner = forms.CharField(label=gettext_lazy("Responsable dans la collectivité"), max_length=200, required=False)
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=200, required=False)
    answerable = forms.ChoiceField(label=gettext_lazy("Répond du connecteur"), choices=Answerable.choices)
    authorities = forms.MultipleChoiceField(
        label=gettext_lazy("Collectivités"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins une collectivité.")},
    )
    emits = forms.MultipleChoiceField(
        label=gettext_lazy("Messages qu’elle émet"), widget=forms.CheckboxSelectMultiple, required=False
    )
    receives = forms.MultipleChoiceField(
        label=gettext_lazy("Messages qu’elle reçoit"), widget=forms.CheckboxSelectMultiple, required=False
    )
    document_base_url = forms.CharField(
        label=gettext_lazy("Adresse sous laquelle sont ses documents"),
        max_length=200,
        required=False,
        validators=[DOCUMENTS],
        help_text=gettext_lazy("Laissez vide si elle n’envoie pas de document."),
    )
    document_reference = forms.CharField(
        label=gettext_lazy("Secret des documents, par référence"),
        max_length=100,
        required=False,
        validators=[REFERENCE],
        help_text=gettext_lazy("Le nom d’un secret du serveur du hub : la variable, ou le fichier de data/secrets."),
    )
    document_secret = forms.CharField(
        label=gettext_lazy("Ou sa valeur"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Elle est scellée aussitôt et ne sera plus montrée. Vide : celle d’avant reste."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("En service"), required=False, initial=True)

    def __init__(self, *args: Any, creating: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [(each, kind(each)) for each in MESSAGE_TYPES]
        self.creating = creating
        self.fields["emits"].choices = self.fields["receives"].choices = types
        self.fields["authorities"].choices = [
            (each.siret, f"{each.name} ({each.siret})") for each in Authority.objects.all()
        ]
        self.fields["name"].error_messages["required"] = _("Écrivez le nom de l’application.")
        if not creating:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if Application.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("Ce nom court est déjà celui d’une application."))
        return slug

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("document_reference") or given.get("document_secret")) and not given.get("document_base_url"):
            self.add_error("document_base_url", _("Un secret de documents ne sert qu’avec leur adresse."))
        return given

    def part(self, held: ApplicationPart | None) -> ApplicationPart:
        """The application as written; what the contract says of a type that stays is kept."""
        given = self.cleaned_data
        reference = given["document_reference"]
        plain = ("name", "vendor", "domain", "sector", "environment", "owner", "contact", "answerable", "is_active")
        return ApplicationPart(
            slug=held.slug if held else given["slug"],
            **{name: given[name] for name in plain},
            document_base_url=given["document_base_url"],
            authorities=given["authorities"],
            document_secret=SecretReference(secret=reference) if reference else None,
            emits=_kept(given["emits"], held.emits if held else []),
            receives=_kept(given["receives"], held.receives if held else []),
        )


def _kept(types: list[str], held: list[str | InterfacePart]) -> list[str | InterfacePart]:
    known = {each.type: each for each in held if isinstance(each, InterfacePart)}
    return [known.get(each, InterfacePart(type=each)) for each in types]


def initial_of(part: ApplicationPart) -> dict[str, Any]:
    plain = ("name", "vendor", "domain", "sector", "environment", "owner", "contact", "answerable", "is_active")
    return {
        **{name: getattr(part, name) for name in (*plain, "document_base_url", "authorities")},
        "emits": [each.type for each in part.emits if isinstance(each, InterfacePart)],
        "receives": [each.type for each in part.receives if isinstance(each, InterfacePart)],
    }


def add_problems(form: forms.Form, problems: tuple[StarProblem, ...], places: dict[str, str]) -> None:
    """Each problem at the field of its place, else at the top of the form."""
    for problem in problems:
        name = str(problem.place[0]) if problem.place else ""
        field = places.get(name, name)
        form.add_error(field if field in form.fields else None, problem.message)


class CredentialForm(Reasoned):
    client_id = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=100,
        validators=[RegexValidator(r"^[\x21-\x7e]+$", gettext_lazy("Sans espace ni accent."))],
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que cet accès permet"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, f"{name} : {words}") for name, words in SCOPES.items()],
        error_messages={"required": gettext_lazy("Choisissez au moins une portée.")},
    )

    @property
    def operation(self) -> bool:
        return any(scope.startswith(OPERATION) for scope in self.cleaned_data["scopes"])

    def clean_scopes(self) -> list[str]:
        scopes: list[str] = self.cleaned_data["scopes"]
        if len({scope.startswith(OPERATION) for scope in scopes}) > 1:
            raise forms.ValidationError(
                _("Un accès qui exploite le hub (hub:…) ne fait rien d’autre : faites-en deux.")
            )
        return scopes


class WithdrawForm(Reasoned):
    client_id = forms.CharField(widget=forms.HiddenInput)


class AuthorityForm(Reasoned):
    siret = forms.CharField(
        label=gettext_lazy("SIRET"),
        validators=[RegexValidator(r"^\d{14}$", gettext_lazy("Quatorze chiffres, sans espace."))],
    )
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200)


class OperatorForm(Reasoned):
    email = forms.EmailField(label=gettext_lazy("Courriel professionnel"))
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=120, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=Role.choices)
    password = forms.CharField(
        label=gettext_lazy("Premier mot de passe"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Douze caractères au moins. Donnez-le de vive voix."),
    )


class RoleForm(Reasoned):
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=Role.choices)
