"""What agents fill in about a tie: with whom, what it is, from when to when, what they saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import Plain, day
from etoile.gru.access.models import Authority
from etoile.gru.backoffice.people.forms import PROOF, line_field
from etoile.gru.people.models import Kind, Level
from etoile.gru.people.words import LEGAL_FORMS
from etoile.gru.ties import scopes
from etoile.gru.ties.kinds import CUSTODIES, DETAILS, FAMILY, KINDS, LONGEST, MANDATE, ORGANISATION, TieKind
from etoile.gru.ties.services import Said

NATURAL = ("given_names", "family_name", "birth_date")
LEGAL = ("organisation", "legal_form", "siret", "rna")
SOMEBODY_ELSE = "new"
FAMILIES = {FAMILY: _("Famille"), ORGANISATION: _("Association, entreprise"), MANDATE: _("Mandat")}


@dataclass(frozen=True, slots=True)
class Way:
    """One tie that the person may have: its kind, which end they are, and the nature of the other."""

    kind: TieKind
    is_holder: bool
    other: Kind

    @property
    def code(self) -> str:
        return f"{self.kind.code}-{'holder' if self.is_holder else 'subject'}-{self.other}"

    @property
    def words(self) -> Any:
        words = self.kind.of_subject if self.is_holder else self.kind.of_holder
        either = (self.kind.subject if self.is_holder else self.kind.holder) is None
        return f"{words} ({Kind(self.other).label.lower()})" if either else words


def ways(of: str) -> list[Way]:
    """Those of a person of this nature, in the order of the kinds."""
    found = []
    for kind in KINDS.values():
        for is_holder in (True,) if kind.symmetric else (True, False):
            mine, other = (kind.holder, kind.subject) if is_holder else (kind.subject, kind.holder)
            if mine is None or mine == of:
                found += [Way(kind, is_holder, each) for each in ((other,) if other else (Kind.NATURAL, Kind.LEGAL))]
    return found


def way_of(of: str, code: str) -> Way | None:
    return next((each for each in ways(of) if each.code == code), None)


class Which(Plain):
    lien = forms.ChoiceField(label=_("Qui est l’autre, pour elle ?"))

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = ways(of)
        self.fields["lien"].choices = [  # type: ignore[attr-defined]
            (words, [(each.code, each.words) for each in offered if each.kind.group == family])
            for family, words in FAMILIES.items()
        ]


class Details(Plain):
    """What is said of a tie of this kind."""

    begins_on = day(_("À partir du"), hint=_("Vide : on ne sait pas depuis quand."))
    ends_on = day(_("Jusqu’au"), hint=_("Dernier jour compris. Vide : sans fin connue."))

    def __init__(self, *args: Any, kind: TieKind, authority: Authority, **kwargs: Any) -> None:
        if isinstance(chosen := kwargs.get("initial", {}).get(scopes.KEY), str):
            kwargs["initial"] = {**kwargs["initial"], scopes.KEY: chosen.split(",")}
        super().__init__(*args, **kwargs)
        asked = {key: _detail(key, required=key in kind.wants) for key in kind.asks}
        if scopes.KEY in asked:
            asked[scopes.KEY].choices = scopes.choices(authority)  # type: ignore[attr-defined]
        self.fields = {**self._first(), **asked, **self.fields}
        self._asks = kind.asks

    def _first(self) -> dict[str, forms.Field]:
        """What is asked before."""
        return {}

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        detail = {key: given.get(key) or "" for key in self._asks}
        if scopes.KEY in detail:
            detail[scopes.KEY] = ",".join(given.get(scopes.KEY) or ())
        return Said(detail, given.get("begins_on"), given.get("ends_on"))


class New(Details):
    """With whom too: somebody found among those of the agent's services, or somebody to add."""

    def __init__(self, *args: Any, way: Way, found: list[tuple[str, str]], **kwargs: Any) -> None:
        self._other, self._found = way.other, found
        super().__init__(*args, kind=way.kind, **kwargs)

    def _first(self) -> dict[str, forms.Field]:
        if self._other == Kind.NATURAL:
            asked = {
                "given_names": line_field(_("Ses prénoms")),
                "family_name": line_field(_("Son nom")),
                "birth_date": day(_("Sa date de naissance")),
            }
        else:
            asked = {
                "organisation": line_field(_("Nom de l’organisme"), 200),
                "legal_form": forms.ChoiceField(
                    label=_("Forme"), choices=[("", _("Non précisée")), *LEGAL_FORMS.items()], required=False
                ),
                "siret": line_field(_("SIRET"), 20, "numeric"),
                "rna": line_field(_("Numéro RNA"), 14),
            }
        if self._found:
            asked["other"] = forms.ChoiceField(
                label=_("Est-ce l’une de ces personnes ?"),
                choices=[*self._found, (SOMEBODY_ELSE, _("Non, quelqu’un d’autre : l’ajouter"))],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Vos services connaissent quelqu’un de ce nom : dites si c’est cette personne.")
                },
            )
        return asked

    @property
    def identity(self) -> dict[str, str]:
        keys = NATURAL if self._other == Kind.NATURAL else LEGAL
        return {key: _text(self.cleaned_data.get(key)) for key in keys}


class Change(Details):
    proof = forms.TypedChoiceField(
        label=_("Ce que vous avez vu"),
        coerce=lambda chosen: Level(int(chosen)) if chosen else None,
        empty_value=None,
        choices=[("", _("Aucun justificatif : c’est ce que dit la personne")), *PROOF],
        widget=forms.RadioSelect,
        required=False,
    )
    until = day(
        _("Justificatif valable jusqu’au"),
        hint=_("Après ce jour, le lien ne vaudra plus que ce que dit la personne."),
    )


def _detail(key: str, *, required: bool) -> forms.Field:
    if key == "custody":
        return forms.ChoiceField(
            label=DETAILS[key], choices=[("", _("Non précisée")), *CUSTODIES.items()], required=False
        )
    if key == scopes.KEY:
        missing = {"required": _("Choisissez au moins une démarche, ou toutes.")}
        return forms.MultipleChoiceField(
            label=DETAILS[key], required=required, widget=forms.CheckboxSelectMultiple, error_messages=missing
        )
    hints: Mapping[str, Any] = {
        "days": _("Par exemple : les semaines paires, le mercredi."),
        "document": _("Par exemple : jugement du 3 mai 2026, procuration signée."),
    }
    return forms.CharField(
        label=DETAILS[key], max_length=LONGEST, required=required, help_text=hints[key],
        error_messages={"required": _("Il manque : « %(what)s ».") % {"what": DETAILS[key]}},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
