"""What the procedure decides from the answers: when nothing can be asked here, and what it costs."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.designer.acting import acted
from etoile.gru.designer.conditions import offers
from etoile.gru.designer.desk import Desk, on_draft, on_procedure
from etoile.gru.designer.outline import labels
from etoile.gru.designer.words import Worded, initial, line
from etoile.gru.forms.editing import questions, structure
from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sentences import answer, sentence


class IneligibleForm(Worded):
    texts = ("message", "where")
    message = line(
        gettext_lazy("Pourquoi ce n’est pas possible"),
        most=400,
        required=gettext_lazy("Écrivez ce que la personne lira. Exemple : La brocante est réservée aux habitants."),
        hint=gettext_lazy("Dit dès que la réponse le montre. Exemple : La brocante est réservée aux habitants."),
    )
    where = line(
        gettext_lazy("Où aller à la place"), most=400, hint=gettext_lazy("Exemple : Adressez-vous à votre mairie.")
    )
    link = forms.CharField(
        label=gettext_lazy("Adresse d’une page"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Elle commence par https:// ou par /. Exemple : /demarches/vide-grenier/"),
    )
    message_en = line(gettext_lazy("Pourquoi, en anglais"), most=400)
    where_en = line(gettext_lazy("Où aller, en anglais"), most=400)

    def values(self) -> dict[str, Any]:
        return {**{name: self.said(name) for name in self.texts}, "link": self.cleaned_data["link"]}


class NewIneligible(IneligibleForm):
    """Its first question; the page of the condition says the rest."""

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(each.id, str(each.label)) for each in offers.earlier(desk.definition, "ineligible", "")]
        self.fields["question"] = forms.ChoiceField(
            label=_("Selon la réponse à quelle question"),
            choices=names,
            help_text=_("La page suivante demande quelle réponse."),
            error_messages={"required": _("Ajoutez d’abord au plan la question dont cela dépend.")},
        )


class PriceForm(Worded):
    """An amount, or the calculated value that gives it."""

    texts = ("label",)
    label = line(
        gettext_lazy("Ligne du prix"),
        required=gettext_lazy("Écrivez ce qui est payé. Exemple : Emplacement de 2 mètres"),
        hint=gettext_lazy("Exemple : Emplacement de 2 mètres"),
    )
    label_en = line(gettext_lazy("La ligne en anglais"))
    amount = forms.CharField(
        label=gettext_lazy("Montant en euros"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Exemple : 12,50. Un montant négatif est une réduction."),
    )
    amount_from = forms.ChoiceField(label=gettext_lazy("Ou la valeur calculée qui donne le montant"), required=False)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calculated = [
            (each.id, str(each.label)) for each in desk.definition.fields if each.settings.get("result") == "amount"
        ]
        self.fields["amount_from"].choices = [("", _("Aucune")), *calculated]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed, calculated = cleaned.get("amount", ""), cleaned.get("amount_from", "")
        if bool(typed) == bool(calculated):
            self.add_error("amount", _("Écrivez un montant, ou choisissez une valeur calculée : l’un des deux."))
        elif typed:
            cents = offers.cents(typed)
            if cents is None:
                self.add_error("amount", _("Écrivez un montant en euros. Exemple : 12,50"))
            cleaned["cents"] = cents
        return cleaned

    def rule(self) -> Node:
        given = self.cleaned_data
        amount = {"amount_from": given["amount_from"]} if given["amount_from"] else {"amount": given["cents"]}
        return {"label": self.said("label"), **amount}


@on_procedure
@require_safe
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    names = labels(desk.definition)
    cases = [
        {"id": each.id, "words": str(each.message), "when": sentence(each.when, names)}
        for each in desk.definition.ineligible
    ]
    prices = [
        {
            "number": number,
            "words": str(rule.label),
            "amount": _amount(desk, rule.amount, rule.amount_from),
            "when": sentence(rule.when, names),
        }
        for number, rule in enumerate(desk.definition.price.rules)
    ]
    shown = {"desk": desk, "cases": cases, "prices": prices, "here": "", "has_questions": bool(names)}
    return render(request, "designer/rules.html", shown)


def _amount(desk: Desk, cents: int | None, source: str) -> str:
    if cents is None:
        each = desk.definition.field(source)
        return _("selon « %(label)s »") % {"label": each.label if each else source}
    return answer(cents, offers.EUROS)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add_ineligible(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = NewIneligible(desk, request.POST if request.method == "POST" else None)

    def keep() -> str:
        when = {"field": form.cleaned_data["question"], "op": "filled"}
        _draft, made = questions.add_listed(desk.edit(request), "ineligible", {**form.values(), "when": when})
        return reverse("designer:condition", args=[desk.slug, "ineligible", made, "when"])

    shown = {"title": _("Ajouter une demande impossible"), "home": home(desk), "here": ""}
    return acted(request, desk, form, "designer/rule.html", keep, _("Dites maintenant avec quelle réponse."), **shown)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def ineligible(request: HttpRequest, desk: Desk, identifier: str) -> HttpResponse:
    node = Source(desk.version.source).find("ineligible", identifier).node
    first = {**initial(node, "message", "where"), "link": node.get("link", "")}
    form = IneligibleForm(request.POST if request.method == "POST" else None, initial=first)

    def keep() -> str:
        structure.set_values(desk.edit(request), "ineligible", identifier, form.values())
        return home(desk)

    shown = {"title": _("Une demande impossible"), "home": home(desk), "here": "", "node": node}
    return acted(request, desk, form, "designer/rule.html", keep, _("C’est enregistré."), **shown)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def price(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A line of the price; « nouvelle » adds one."""
    rules = _price_rules(desk)
    at = int(number) if number.isdecimal() else len(rules)
    if at > len(rules) or (number != "nouvelle" and at == len(rules)):
        raise Http404(_("Cette page n’existe pas."))
    node = rules[at] if at < len(rules) else {}
    cents = node.get("amount")
    first = {**initial(node, "label"), "amount_from": node.get("amount_from", "")}
    first["amount"] = "" if cents is None else TYPES["amount"].typed(cents)
    form = PriceForm(desk, request.POST if request.method == "POST" else None, initial=first)

    def keep() -> str:
        made = {**form.rule(), **({"when": node["when"]} if "when" in node else {})}
        _set_price(request, desk, [*rules[:at], made, *rules[at + 1 :]])
        return home(desk)

    title = _("Une ligne du prix") if node else _("Ajouter une ligne au prix")
    shown = {"title": title, "home": home(desk), "here": ""}
    return acted(request, desk, form, "designer/rule.html", keep, _("Le prix est enregistré."), **shown)


@on_draft
@require_POST
def remove_price(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    rules = _price_rules(desk)
    _set_price(request, desk, [each for at, each in enumerate(rules) if at != number])
    notes.success(request, _("La ligne du prix est retirée. Le plan permet d’annuler."))
    return redirect(home(desk))


def home(desk: Desk) -> str:
    return reverse("designer:rules", args=[desk.slug])


def _price_rules(desk: Desk) -> list[Node]:
    return list((desk.version.source.get("price") or {}).get("rules") or [])


def _set_price(request: HttpRequest, desk: Desk, rules: list[Node]) -> None:
    price = {**(desk.version.source.get("price") or {}), "rules": rules}
    questions.set_procedure(desk.edit(request), {"price": price if rules else None}, verb="price_changed")
